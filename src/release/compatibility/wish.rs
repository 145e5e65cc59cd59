//! What is to work together.

use super::{Channel, Installed, Minor};
use crate::release::ReleaseLine;
use semver::Version;

/// What is to work together. What is not known yet is left out and not judged.
#[derive(Debug, Clone)]
pub struct Wish<'a> {
    /// The release line.
    pub line: &'static ReleaseLine,
    /// The exact release.
    pub version: Version,
    /// Kubernetes.
    pub kubernetes: Option<Minor>,
    /// Gateway API.
    pub gateway_api: Option<Version>,
    /// Its channel.
    pub channel: Channel,
    /// Name of the Gateway.
    pub gateway: &'a str,
    /// What a cluster that is there has already.
    pub installed: Option<&'a Installed>,
}

impl Wish<'_> {
    /// The Gateway API as a minor version.
    pub(super) fn gateway_api_minor(&self) -> Option<Minor> {
        self.gateway_api.as_ref().map(Minor::from)
    }
}
