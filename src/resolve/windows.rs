//! Whether what is wanted works together, before anything is made.

use super::ResolveError;
use crate::{
    profile::Profile,
    release::{self, Channel, Conflict, Minor, WantedRelease, Wish},
};

/// Refuses what is known to be broken; returns what deserves a warning.
pub fn check(profile: &Profile, release: &WantedRelease) -> Result<Vec<Conflict>, ResolveError> {
    let wish = Wish {
        line: release.line,
        version: release.version.clone(),
        kubernetes: profile.cluster.kubernetes.as_deref().and_then(Minor::parse),
        gateway_api: Some(release.line.gateway_api_recommended.clone()),
        channel: Channel::Standard,
        gateway: &profile.gateway.name,
        installed: None,
    };
    Ok(release::refuse_conflicts(release::check(&wish))?)
}
