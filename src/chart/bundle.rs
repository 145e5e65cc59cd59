//! The resource definitions of Gateway API, by version and channel.

use super::plain::documents;
use super::{ChartError, Digest, Supply};
use crate::release::Channel;
use semver::Version;
use serde_json::Value;
use std::fmt;
use std::path::{Path, PathBuf};

/// Largest bundle, in bytes. The largest known one has 2 MB.
const LARGEST: usize = 16 << 20;

/// Annotations that upstream puts on every definition. Source: `facts/lifecycle.md` A.2.
const BUNDLE_VERSION: &str = "gateway.networking.k8s.io/bundle-version";
const CHANNEL: &str = "gateway.networking.k8s.io/channel";

/// Where a bundle comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum BundleSource {
    /// Upstream's release, through mirrors.
    #[default]
    Release,
    /// Another URL, through mirrors.
    Url(String),
    /// A folder with `v<version>/<channel>-install.yaml` or `<channel>-install.yaml`, or the file itself.
    Path(PathBuf),
}

/// A bundle that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleWanted {
    /// Its version.
    pub version: Version,
    /// Its channel.
    pub channel: Channel,
    /// Where it comes from.
    pub source: BundleSource,
    /// What it must be, where that is known: said by a profile, or by the lock.
    pub checksum: Option<Digest>,
}

/// A bundle that was read and is what was wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    /// Its version.
    pub version: Version,
    /// Its channel.
    pub channel: Channel,
    /// Where it comes from, in words.
    pub source: String,
    /// Of the file.
    pub digest: Digest,
    /// Its objects: definitions, and from 1.5 on an admission policy with its binding.
    pub objects: Vec<Value>,
}

impl fmt::Display for BundleWanted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.version, self.channel)
    }
}

impl BundleWanted {
    /// Where upstream has it. Source: `facts/lifecycle.md` A.2.
    pub fn release_url(&self) -> String {
        let Self { version, channel, .. } = self;
        format!("https://github.com/kubernetes-sigs/gateway-api/releases/download/v{version}/{channel}-install.yaml")
    }

    fn wrong(&self, what: &str, reason: String) -> ChartError {
        ChartError::WrongBundle { what: what.to_owned(), wanted: self.to_string(), reason, url: self.release_url() }
    }
}

impl Supply {
    /// Fetches a bundle and checks that it is the one that is wanted. CHART-08 for a wrong checksum, CHART-15 for
    /// another version or channel.
    pub async fn bundle(&self, wanted: &BundleWanted) -> Result<Bundle, ChartError> {
        let (source, content) = match &wanted.source {
            BundleSource::Path(path) => read_file(wanted, path)?,
            BundleSource::Release => self.fetched(wanted, wanted.release_url()).await?,
            BundleSource::Url(url) => self.fetched(wanted, url.clone()).await?,
        };
        let digest = Digest::of(&content);
        if let Some(checksum) = wanted.checksum.as_ref().filter(|checksum| **checksum != digest) {
            return Err(ChartError::WrongDigest { what: source, wanted: checksum.clone(), got: digest });
        }
        let text = String::from_utf8(content).map_err(|_| wanted.wrong(&source, "it is not text".to_owned()))?;
        let objects = documents(&text).map_err(|reason| wanted.wrong(&source, reason))?;
        check(&objects, wanted).map_err(|reason| wanted.wrong(&source, reason))?;
        let stored = self.cache.put(text.as_bytes())?;
        if !matches!(wanted.source, BundleSource::Path(_)) {
            self.cache.remember(&source, &stored)?;
        }
        Ok(Bundle { version: wanted.version.clone(), channel: wanted.channel, source, digest, objects })
    }

    /// A released file never changes: what is in the cache under its URL or its checksum is not fetched again.
    async fn fetched(&self, wanted: &BundleWanted, url: String) -> Result<(String, Vec<u8>), ChartError> {
        let known = wanted.checksum.clone().or_else(|| self.cache.recall(&url));
        if let Some(content) = known.map(|digest| self.cache.get(&digest)).transpose()?.flatten() {
            return Ok((url, content));
        }
        let content = self.download(&url, LARGEST).await?;
        Ok((url, content))
    }
}

fn read_file(wanted: &BundleWanted, path: &Path) -> Result<(String, Vec<u8>), ChartError> {
    let name = format!("{}-install.yaml", wanted.channel);
    let places = match path.is_dir() {
        true => vec![path.join(format!("v{}", wanted.version)).join(&name), path.join(&name)],
        false => vec![path.to_owned()],
    };
    let found = places.iter().find(|file| file.is_file()).or(places.first()).cloned().unwrap_or_default();
    if !found.is_file() {
        return Err(ChartError::NotInFolder { what: format!("Gateway API {wanted}"), file: found });
    }
    let content = std::fs::read(&found).map_err(|source| ChartError::Unreadable { path: found.clone(), source })?;
    Ok((found.display().to_string(), content))
}

/// Every definition must say the version and the channel; those without which nothing works must be there.
fn check(objects: &[Value], wanted: &BundleWanted) -> Result<(), String> {
    let definitions: Vec<_> = objects.iter().filter(|object| object["kind"] == "CustomResourceDefinition").collect();
    for definition in &definitions {
        let name = definition.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
        let said = |key: &str| definition.pointer("/metadata/annotations").and_then(|all| all.get(key)?.as_str());
        let version = said(BUNDLE_VERSION).unwrap_or("none");
        if version.strip_prefix('v').unwrap_or(version) != wanted.version.to_string() {
            return Err(format!("{name} says version {version}"));
        }
        let channel = said(CHANNEL).unwrap_or("none");
        if channel != wanted.channel.to_string() {
            return Err(format!("{name} says channel {channel}"));
        }
    }
    for needed in ["gatewayclasses", "gateways", "httproutes"] {
        let name = format!("{needed}.gateway.networking.k8s.io");
        if !definitions.iter().any(|definition| definition["metadata"]["name"] == name.as_str()) {
            return Err(format!("it has no {name}"));
        }
    }
    Ok(())
}

/// Version and channel that the first definition says.
pub(super) fn says(objects: &[Value]) -> Option<(Version, Channel)> {
    let said =
        |key: &str| objects.iter().find_map(|object| object.pointer("/metadata/annotations")?.get(key)?.as_str());
    let version = said(BUNDLE_VERSION)?;
    let channel = match said(CHANNEL)? {
        "standard" => Channel::Standard,
        "experimental" => Channel::Experimental,
        _ => return None,
    };
    Some((Version::parse(version.strip_prefix('v').unwrap_or(version)).ok()?, channel))
}
