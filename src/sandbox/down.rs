//! `down`: takes the sandbox away.

use super::{Claim, Home, Sandbox, SandboxError};
use crate::{
    event::{Events, Fact},
    execute::{HostMocks, Removed, take_away},
    provider::Provider,
};
use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Pause between two words about what is waited for; what takes no longer is worth none.
const TELL_EVERY: Duration = Duration::from_secs(1);

/// Takes the cluster away and removes the state. Returns what had to stay in a cluster of others; `None`: there was nothing to
/// remove.
pub async fn down(home: &Home, sandbox: &Sandbox, events: &Events) -> Result<Option<Removed>, SandboxError> {
    if !sandbox.path.exists() {
        return Ok(None);
    }
    let claim = Claim::take(home, sandbox)?;
    let mut removed = Removed::default();
    HostMocks::end(&sandbox.path).await?;
    if let Some(provider) = Provider::in_state(&sandbox.path, sandbox.name.as_str()).await? {
        (_, removed) = take_away(&provider, &sandbox.path, &telling_to(events)).await?;
    }
    sandbox.erase()?;
    drop(claim);
    home.leave_if_empty();
    Ok(Some(removed))
}

/// Tells what a removal waits for.
pub(super) fn telling_to(events: &Events) -> impl Fn(String) + Send + Sync + '_ {
    let told = Mutex::new((Instant::now(), String::new()));
    move |waits_for| {
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.0.elapsed() >= TELL_EVERY && told.1 != waits_for {
            *told = (Instant::now(), waits_for.clone());
            events.emit(Fact::DownWaiting { waits_for });
        }
    }
}
