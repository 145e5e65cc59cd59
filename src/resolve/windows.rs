//! Whether what is wanted works together, before anything is made.

use super::{ResolveError, gateway_api};
use crate::{
    profile::{Implementation, Profile},
    release::{self, Conflict, Minor, WantedRelease, Wish},
};

/// Refuses what is known to be broken; returns what deserves a warning. The reference gateway has definitions of its own, which no
/// Kubernetes refuses.
pub fn check(
    profile: &Profile,
    release: &WantedRelease,
    implementation: Implementation,
) -> Result<Vec<Conflict>, ResolveError> {
    let real = implementation == Implementation::Real;
    let (gateway_api, channel) = gateway_api::wanted(&profile.supply.gateway_api, release.line);
    let wish = Wish {
        line: release.line,
        version: release.version.clone(),
        kubernetes: profile.cluster.kubernetes.as_deref().and_then(Minor::parse).filter(|_| real),
        gateway_api: real.then_some(gateway_api),
        channel,
        gateway: &profile.gateway.name,
        installed: None,
    };
    Ok(release::refuse_conflicts(release::check(&wish))?)
}
