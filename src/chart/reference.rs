//! What charts and images are called.

use super::{ChartError, Digest};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::PathBuf;

/// Something in a registry: `host/path[:tag][@digest]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reference {
    /// `cr.agentgateway.dev`, with its port if it has one.
    pub registry: String,
    /// `charts/agentgateway`.
    pub repository: String,
    /// The tag, where one is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// The digest of the manifest, where one is given; it wins over the tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
}

impl Reference {
    /// Reads a chart's coordinates, `oci://host/path[:tag][@digest]`. CHART-01 if they are none.
    pub fn chart(text: &str) -> Result<Self, ChartError> {
        let unreadable = |reason: &str| ChartError::NotAReference { text: text.to_owned(), reason: reason.to_owned() };
        let rest = text.strip_prefix("oci://").ok_or_else(|| unreadable("it does not begin with oci://"))?;
        Self::read(rest).map_err(|reason| unreadable(&reason))
    }

    /// Reads an image's name as Docker does: without a host it is on docker.io, without a path in `library/`.
    /// CHART-01 if it is none.
    pub fn image(text: &str) -> Result<Self, ChartError> {
        let first = text.split('/').next().unwrap_or_default();
        let has_host = text.contains('/') && (first.contains(['.', ':']) || first == "localhost");
        let full = match (has_host, text.contains('/')) {
            (true, _) => text.to_owned(),
            (false, true) => format!("docker.io/{text}"),
            (false, false) => format!("docker.io/library/{text}"),
        };
        Self::read(&full).map_err(|reason| ChartError::NotAReference { text: text.to_owned(), reason })
    }

    fn read(text: &str) -> Result<Self, String> {
        let (name, digest) = match text.split_once('@') {
            Some((name, digest)) => {
                (name, Some(Digest::parse(digest).ok_or("what follows @ is not sha256: and 64 hex digits")?))
            }
            None => (text, None),
        };
        let (registry, path) = name.split_once('/').ok_or("it names no repository after the host")?;
        let (repository, tag) = match path.rsplit_once(':') {
            Some((repository, tag)) => (repository, Some(tag.to_owned())),
            None => (path, None),
        };
        let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-/".contains(&byte);
        if registry.is_empty() || repository.trim_matches('/').is_empty() || !repository.bytes().all(letter) {
            return Err("a repository has lower-case letters, digits and ._-/ only".to_owned());
        }
        let of_tag = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        if tag.as_ref().is_some_and(|tag| tag.is_empty() || tag.len() > 128 || !tag.bytes().all(of_tag)) {
            return Err("a tag has letters, digits and ._- only".to_owned());
        }
        Ok(Self { registry: registry.to_owned(), repository: repository.trim_matches('/').to_owned(), tag, digest })
    }

    /// The last part of the path, which is the name of a chart.
    pub fn name(&self) -> &str {
        self.repository.rsplit('/').next().unwrap_or_default()
    }

    /// The same repository under another tag, without a digest.
    pub fn tagged(&self, tag: &str) -> Self {
        Self { tag: Some(tag.to_owned()), digest: None, ..self.clone() }
    }

    /// Host and path without tag and digest.
    pub fn untagged(&self) -> String {
        format!("{}/{}", self.registry, self.repository)
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.registry, self.repository)?;
        if let Some(tag) = &self.tag {
            write!(formatter, ":{tag}")?;
        }
        match &self.digest {
            Some(digest) => write!(formatter, "@{digest}"),
            None => Ok(()),
        }
    }
}

/// Where a chart comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChartSource {
    /// A registry. Without a tag the newest release is taken, by date where that differs from the number.
    Registry(Reference),
    /// A packed chart or the folder of one.
    Path(PathBuf),
}

impl ChartSource {
    /// Reads what stands after `--chart`: `oci://…` or a path. CHART-01 for another kind of URL.
    pub fn parse(text: &str) -> Result<Self, ChartError> {
        if text.starts_with("oci://") {
            return Reference::chart(text).map(Self::Registry);
        }
        if text.contains("://") || text.is_empty() {
            let reason = "it is neither oci:// nor a path".to_owned();
            return Err(ChartError::NotAReference { text: text.to_owned(), reason });
        }
        Ok(Self::Path(PathBuf::from(text)))
    }
}

impl fmt::Display for ChartSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Registry(reference) => write!(formatter, "oci://{reference}"),
            Self::Path(path) => write!(formatter, "{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ChartSource, Reference};

    #[test]
    fn coordinates_are_read() {
        let chart = Reference::chart("oci://localhost:5001/charts/agentgateway:v1.4.1").unwrap();
        assert_eq!((chart.registry.as_str(), chart.name()), ("localhost:5001", "agentgateway"));
        assert_eq!(chart.tag.as_deref(), Some("v1.4.1"));
        assert_eq!(Reference::image("nginx").unwrap().to_string(), "docker.io/library/nginx");
        assert_eq!(Reference::image("my/controller:dev").unwrap().registry, "docker.io");
        assert_eq!(Reference::image("cr.agentgateway.dev/controller:v1").unwrap().registry, "cr.agentgateway.dev");
    }

    #[test]
    fn what_is_no_reference_is_refused() {
        for wrong in ["oci://host", "oci://host/Upper", "oci://host/a:b c", "oci://host/a@sha256:12", "https://x/y.tgz"]
        {
            assert!(ChartSource::parse(wrong).is_err(), "{wrong}");
        }
        assert!(matches!(ChartSource::parse("./my-chart"), Ok(ChartSource::Path(_))));
    }
}
