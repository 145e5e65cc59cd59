//! Profile → resolve → plan: everything that is decided before anything is done.

use super::{Sandbox, SandboxError};
use crate::{
    event::Refusal,
    plan::{Plan, plan_of},
    profile::{Overrides, Profile, load},
    resolve::{Resolved, choose, resolve},
};

/// What `up` will do, and how that came.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// The wish.
    pub profile: Profile,
    /// Why better providers were not taken.
    pub refused: Vec<Refusal>,
    /// The choices.
    pub resolved: Resolved,
    /// The plan.
    pub plan: Plan,
}

/// Decides everything. Changes nothing.
pub async fn prepare(sandbox: &Sandbox, profile: &str, flags: &Overrides) -> Result<Prepared, SandboxError> {
    let profile = load(profile, flags)?;
    let chosen =
        choose(profile.cluster.provider, profile.gateway.implementation).await.map_err(SandboxError::Provider)?;
    let resolved = resolve(sandbox.name.as_str(), &sandbox.path, &profile, chosen.provider).await?;
    let plan = plan_of(&resolved)?;
    Ok(Prepared { profile, refused: chosen.refused, resolved, plan })
}
