//! Whether what is wanted works together, before anything is made.

use super::ResolveError;
use crate::{
    profile::{ChannelWish, Implementation, Profile},
    release::{self, Channel, Conflict, Minor, WantedRelease, Wish},
};
use semver::Version;

/// Refuses what is known to be broken; returns what deserves a warning. The reference gateway has definitions of its own, which no
/// Kubernetes refuses.
pub fn check(
    profile: &Profile,
    release: &WantedRelease,
    implementation: Implementation,
) -> Result<Vec<Conflict>, ResolveError> {
    let real = implementation == Implementation::Real;
    let gateway_api = &profile.supply.gateway_api;
    let version = match &gateway_api.version {
        Some(version) => Version::parse(version.strip_prefix('v').unwrap_or(version)).ok(),
        None => Some(release.line.gateway_api_recommended.clone()),
    };
    let channel = match gateway_api.channel {
        ChannelWish::Standard => Channel::Standard,
        ChannelWish::Experimental => Channel::Experimental,
    };
    let wish = Wish {
        line: release.line,
        version: release.version.clone(),
        kubernetes: profile.cluster.kubernetes.as_deref().and_then(Minor::parse).filter(|_| real),
        gateway_api: version.filter(|_| real),
        channel,
        gateway: &profile.gateway.name,
        installed: None,
    };
    Ok(release::refuse_conflicts(release::check(&wish))?)
}
