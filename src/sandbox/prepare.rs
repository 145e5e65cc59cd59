//! Profile → resolve → plan: everything that is decided before anything is done.

use super::{Record, Sandbox, SandboxError};
use crate::{
    chart::Supply,
    event::Refusal,
    plan::{Plan, plan_of},
    profile::{Overrides, Profile, load},
    resolve::{Resolved, choose, supply_of},
};
use std::sync::Arc;

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
    /// Where charts and definitions come from.
    pub supply: Arc<Supply>,
}

/// Decides everything. Changes nothing but the cache.
pub async fn prepare(sandbox: &Sandbox, profile: &str, flags: &Overrides) -> Result<Prepared, SandboxError> {
    let profile = load(profile, flags)?;
    let supply = supply_of(&profile.supply)?;
    let there = Record::read(sandbox).and_then(|record| record.provider_name());
    let chosen = choose(sandbox.name.as_str(), &sandbox.path, &profile, there, &supply).await?;
    let plan = plan_of(&chosen.resolved)?;
    Ok(Prepared { profile, refused: chosen.refused, resolved: chosen.resolved, plan, supply: Arc::new(supply) })
}
