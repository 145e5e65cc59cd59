//! Minor versions, of Kubernetes and of Gateway API.

use semver::Version;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A minor version such as `1.34`, which is newer than `1.4`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Minor {
    /// Before the dot.
    pub major: u64,
    /// After it.
    pub minor: u64,
}

impl Minor {
    /// Reads `1.34`, `v1.34.4` or `1.5.1-rc.1`; what stands behind the minor version does not matter.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix('v').unwrap_or(text).splitn(3, '.');
        let (major, minor) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        Some(Self { major, minor })
    }
}

impl From<&Version> for Minor {
    fn from(version: &Version) -> Self {
        Self { major: version.major, minor: version.minor }
    }
}

impl TryFrom<String> for Minor {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("`{text}` is not a minor version"))
    }
}

impl From<Minor> for String {
    fn from(minor: Minor) -> Self {
        minor.to_string()
    }
}

impl fmt::Display for Minor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.major, self.minor)
    }
}
