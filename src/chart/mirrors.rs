//! Other places for registries and URLs, as this machine sees them and as the nodes of the cluster see them.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use std::path::PathBuf;

/// Where to go instead of a host, or of a host and the beginning of a path. The longest key that fits wins.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mirrors(IndexMap<String, Mirror>);

/// Where to go instead of one host.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Mirror {
    /// As this machine reaches it, `localhost:5001` or `https://nexus.example/hub`. Loopback means plain HTTP unless
    /// a scheme is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// As the nodes of the cluster reach it, `registry:5000`; without it the nodes go to the original.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// A folder that holds files under the paths of their URLs, and charts as `<path>-<version>.tgz`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<PathBuf>,
}

/// Where a URL leads after the mirrors were asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A URL.
    Url(String),
    /// A file.
    File(PathBuf),
}

/// A host with an optional path in front of repositories, and how to speak to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// `localhost:5001`.
    pub host: String,
    /// `hub/cache`, without slashes around; often empty.
    pub prefix: String,
    /// Whether it speaks plain HTTP.
    pub plain: bool,
}

impl Endpoint {
    /// Reads `[http[s]://]host[:port][/prefix]`.
    pub fn parse(text: &str) -> Self {
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (Some(scheme), rest),
            None => (None, text),
        };
        let (host, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let plain = scheme.map_or_else(|| is_loopback(host), |scheme| scheme == "http");
        Self { host: host.to_owned(), prefix: prefix.trim_matches('/').to_owned(), plain }
    }

    /// A path below its prefix.
    pub fn path(&self, path: &str) -> String {
        match self.prefix.as_str() {
            "" => path.to_owned(),
            prefix => format!("{prefix}/{path}"),
        }
    }

    /// `http` or `https`.
    pub fn scheme(&self) -> &'static str {
        if self.plain { "http" } else { "https" }
    }
}

/// Whether a `host[:port]` is this machine.
pub fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(bracketed) => bracketed.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name == "localhost" || name.ends_with(".localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

impl Mirrors {
    /// Reads a mapping as a profile has it; the form of the variable `AGW_SANDBOX_MIRRORS` too, in one line:
    /// `{cr.agentgateway.dev: {host: "localhost:5001"}}`. What is wrong comes in the parser's words.
    pub fn parse(text: &str) -> Result<Self, String> {
        serde_yaml::from_str(text).map_err(|error: serde_yaml::Error| error.to_string())
    }

    /// These entries.
    pub fn of(entries: impl IntoIterator<Item = (String, Mirror)>) -> Self {
        Self(entries.into_iter().collect())
    }

    /// With the entries of `other` on top; an entry replaces the whole entry of the same key.
    pub fn with(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// The entries.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Mirror)> {
        self.0.iter().map(|(key, mirror)| (key.as_str(), mirror))
    }

    /// The entry for `host/path`, and the rest of the path that its key does not cover.
    fn find<'a>(&self, host: &str, path: &'a str) -> Option<(&Mirror, &'a str)> {
        self.0
            .iter()
            .filter_map(|(key, mirror)| Some((key.len(), mirror, rest_after(key, host, path)?)))
            .max_by_key(|(length, ..)| *length)
            .map(|(_, mirror, rest)| (mirror, rest))
    }

    /// Where this machine finds a repository: the registry and the repository's name there.
    pub fn for_host(&self, registry: &str, repository: &str) -> (Endpoint, String) {
        let mirrored = self.find(registry, repository).and_then(|(mirror, rest)| Some((mirror.host.as_deref()?, rest)));
        match mirrored {
            Some((other, rest)) => {
                let endpoint = Endpoint::parse(other);
                let path = endpoint.path(rest);
                (endpoint, path)
            }
            None => (Endpoint::parse(registry), repository.to_owned()),
        }
    }

    /// Where the nodes of the cluster find a repository, `registry:5000/controller`; `None` where they go to the
    /// original.
    pub fn for_cluster(&self, registry: &str, repository: &str) -> Option<String> {
        let (mirror, rest) = self.find(registry, repository)?;
        let endpoint = Endpoint::parse(mirror.cluster.as_deref()?);
        Some(format!("{}/{}", endpoint.host, endpoint.path(rest)))
    }

    /// The folder that stands for a host and path, and the path within it.
    pub fn folder_for<'a>(&self, host: &str, path: &'a str) -> Option<(PathBuf, &'a str)> {
        let (mirror, rest) = self.find(host, path)?;
        Some((mirror.folder.clone()?, rest))
    }

    /// Where a URL leads. Text that is no URL is returned as it is.
    pub fn for_url(&self, url: &str) -> Place {
        let Some((_, rest)) = url.split_once("://") else { return Place::Url(url.to_owned()) };
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let Some((mirror, rest)) = self.find(host, path) else { return Place::Url(url.to_owned()) };
        if let Some(other) = &mirror.host {
            let endpoint = Endpoint::parse(other);
            return Place::Url(format!("{}://{}/{}", endpoint.scheme(), endpoint.host, endpoint.path(rest)));
        }
        match &mirror.folder {
            Some(folder) => Place::File(folder.join(harmless(rest))),
            None => Place::Url(url.to_owned()),
        }
    }
}

/// A path that cannot leave its folder.
fn harmless(path: &str) -> PathBuf {
    path.split('/').filter(|part| !matches!(*part, "" | "." | "..")).collect()
}

/// The rest of `path` where `key`, `host[/path]`, covers its beginning at a slash.
fn rest_after<'a>(key: &str, host: &str, path: &'a str) -> Option<&'a str> {
    let rest_of_key = key.trim_end_matches('/').strip_prefix(host)?;
    if rest_of_key.is_empty() {
        return Some(path);
    }
    let rest = path.strip_prefix(rest_of_key.strip_prefix('/')?)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

#[cfg(test)]
mod tests {
    use super::{Mirrors, Place};
    use proptest::prelude::*;
    use std::path::PathBuf;

    fn example() -> Mirrors {
        Mirrors::parse(
            "{cr.agentgateway.dev: {host: 'localhost:5001', cluster: 'registry:5000'}, github.com: {folder: ./offline},
              ghcr.io: {host: 'https://nexus.example/hub'}, ghcr.io/agentgateway: {host: 'http://nexus.example:81/gw'}}",
        )
        .unwrap()
    }

    #[test]
    fn one_registry_has_two_views() {
        let (endpoint, repository) = example().for_host("cr.agentgateway.dev", "charts/agentgateway");
        assert_eq!((endpoint.host.as_str(), repository.as_str()), ("localhost:5001", "charts/agentgateway"));
        assert!(endpoint.plain);
        let seen = example().for_cluster("cr.agentgateway.dev", "controller");
        assert_eq!(seen.as_deref(), Some("registry:5000/controller"));
        assert_eq!(example().for_cluster("ghcr.io", "x"), None);
    }

    #[test]
    fn the_longest_key_wins_and_ends_at_a_slash() {
        let there = |repository: &str| {
            let (endpoint, path) = example().for_host("ghcr.io", repository);
            format!("{}://{}/{path}", endpoint.scheme(), endpoint.host)
        };
        assert_eq!(there("agentgateway/agentgateway"), "http://nexus.example:81/gw/agentgateway");
        assert_eq!(there("agentgateway-x/y"), "https://nexus.example/hub/agentgateway-x/y");
        assert_eq!(example().for_host("ghcr.io.evil", "a").0.host, "ghcr.io.evil");
    }

    #[test]
    fn a_folder_stands_for_urls_and_cannot_be_left() {
        let file = |path: &str| Place::File(PathBuf::from(path));
        assert_eq!(example().for_url("https://github.com/a/b.yaml"), file("./offline/a/b.yaml"));
        assert_eq!(example().for_url("https://github.com/../../etc/passwd"), file("./offline/etc/passwd"));
        let other = "https://example.org/x".to_owned();
        assert_eq!(example().for_url(&other), Place::Url(other));
    }

    #[test]
    fn an_unknown_key_is_an_error() {
        assert!(Mirrors::parse("{a: {hosts: b}}").unwrap_err().contains("hosts"));
    }

    proptest! {
        #[test]
        fn without_an_entry_nothing_moves(host in "[a-z]{1,8}\\.test", path in "[a-z/]{0,12}") {
            let (endpoint, same) = example().for_host(&host, &path);
            prop_assert_eq!((endpoint.host, same), (host.clone(), path.clone()));
            let url = format!("https://{host}/{path}");
            prop_assert_eq!(example().for_url(&url), Place::Url(url));
        }
    }
}
