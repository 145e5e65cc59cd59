//! `down`: takes the sandbox away.

use super::{Claim, Home, Sandbox, SandboxError};
use crate::{execute::HostMocks, provider::Provider};

/// Takes the cluster away and removes the state. Returns whether there was anything to remove.
pub async fn down(home: &Home, sandbox: &Sandbox) -> Result<bool, SandboxError> {
    if !sandbox.path.exists() {
        return Ok(false);
    }
    let claim = Claim::take(home, sandbox)?;
    HostMocks::end(&sandbox.path).await?;
    if let Some(provider) = Provider::in_state(&sandbox.path, sandbox.name.as_str()).await? {
        provider.remove().await?;
    }
    sandbox.erase()?;
    drop(claim);
    home.leave_if_empty();
    Ok(true)
}
