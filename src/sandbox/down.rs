//! `down`: takes the sandbox away.

use super::{Claim, Home, Sandbox, SandboxError};
use crate::{
    cluster::Telling,
    execute::{HostMocks, Removed, take_away},
    provider::Provider,
};

/// Takes the cluster away and removes the state. Returns what had to stay in a cluster of others; `None`: there was nothing to
/// remove.
pub async fn down(home: &Home, sandbox: &Sandbox, telling: Telling<'_>) -> Result<Option<Removed>, SandboxError> {
    if !sandbox.path.exists() {
        return Ok(None);
    }
    let claim = Claim::take(home, sandbox)?;
    let mut removed = Removed::default();
    HostMocks::end(&sandbox.path).await?;
    if let Some(provider) = Provider::in_state(&sandbox.path, sandbox.name.as_str()).await? {
        (_, removed) = take_away(&provider, &sandbox.path, telling).await?;
    }
    sandbox.erase()?;
    drop(claim);
    home.leave_if_empty();
    Ok(Some(removed))
}
