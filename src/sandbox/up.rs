//! `up`: the whole way from a wish to a verified gateway.

use super::{Claim, Home, Prepared, Record, Sandbox, SandboxError, TestOptions, prepare, test::run_scenarios};
use crate::{
    event::{Events, Fact, Tally},
    execute::{self, ExecuteError, Journal, Outcome, World},
    profile::Overrides,
    provider::Provider,
    resolve::Resolved,
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio_util::sync::CancellationToken;

/// What `up` is asked to do.
#[derive(Debug, Clone)]
pub struct UpOptions {
    /// A built-in profile or a file.
    pub profile: String,
    /// What flags say.
    pub flags: Overrides,
    /// Time for the whole run.
    pub timeout: Duration,
}

/// What `up` came to.
#[derive(Debug, Clone)]
pub struct UpReport {
    /// What was decided.
    pub prepared: Prepared,
    /// What became of the steps.
    pub outcome: Outcome,
    /// Verdicts of the scenarios, where they ran, and how long they took.
    pub smoke: Option<(Tally, Duration)>,
    /// How long all took that is decided before anything is done.
    pub preparation: Duration,
    /// Mutating calls.
    pub writes: u64,
}

/// Brings the sandbox up and proves it. Scenarios run only if something was changed; otherwise three answered requests are
/// the proof.
pub async fn up(
    home: &Home,
    sandbox: &Sandbox,
    options: &UpOptions,
    events: &Events,
    cancel: &CancellationToken,
) -> Result<UpReport, SandboxError> {
    let work = work(home, sandbox, options, events, cancel);
    let late = SandboxError::TimedOut { seconds: options.timeout.as_secs() };
    tokio::time::timeout(options.timeout, work).await.unwrap_or(Err(late))
}

async fn work(
    home: &Home,
    sandbox: &Sandbox,
    options: &UpOptions,
    events: &Events,
    cancel: &CancellationToken,
) -> Result<UpReport, SandboxError> {
    let began = Instant::now();
    let (version, name) = (env!("CARGO_PKG_VERSION").to_owned(), sandbox.name.to_string());
    let prepared = prepare(sandbox, &options.profile, &options.flags).await?;
    events.emit(Fact::UpStarted { version, sandbox: name, profile: prepared.profile.name.clone() });
    events.emit(Fact::ProviderChosen {
        provider: prepared.resolved.provider.to_string(),
        gateway: gateway_in_words(&prepared.resolved),
        refused: prepared.refused.clone(),
    });
    for text in prepared.resolved.parts.iter().flat_map(|parts| parts.notes.clone()) {
        events.emit(Fact::Note { text });
    }
    let _claim = Claim::take(home, sandbox)?;
    let new = sandbox.make()?;
    start_over_if_of_another_kind(sandbox, &prepared, events).await?;
    Record::of(&prepared.resolved).write(sandbox)?;
    let preparation = began.elapsed();
    let supply = Arc::clone(&prepared.supply);
    let world = World::new(sandbox.name.as_str(), sandbox.path.clone(), supply, events.clone(), cancel.clone());
    let world = Arc::new(world);
    let mut journal = Journal::at(sandbox.path.join("journal.jsonl"));
    let outcome = match execute::run(&prepared.plan, &world, &mut journal, cancel).await {
        Ok(outcome) => outcome,
        Err(error) => {
            leave_nothing_half_made(sandbox, new, &error).await?;
            return Err(error.into());
        }
    };
    let smoke = if outcome.changed() && !prepared.resolved.scenarios.is_empty() {
        let options = TestOptions { patterns: prepared.resolved.scenarios.clone(), ..TestOptions::default() };
        let smoke = run_scenarios(sandbox, &options, &world.writes, events, cancel).await?;
        if cancel.is_cancelled() {
            return Err(ExecuteError::Interrupted.into());
        }
        Some(smoke)
    } else {
        None
    };
    Ok(UpReport { prepared, outcome, smoke, preparation, writes: world.writes.count() })
}

/// Who plays the release, in words that cannot be mistaken.
fn gateway_in_words(resolved: &Resolved) -> String {
    match (&resolved.parts, &resolved.kind) {
        (Some(parts), _) => format!("{} {}, its own charts", parts.controller.release, resolved.release),
        (None, Some(_)) => "reference gateway as pods (not agentgateway)".to_owned(),
        (None, None) => "reference gateway, built in (not agentgateway)".to_owned(),
    }
}

/// Another line or another implementation brings other definitions and classes; there is no way in place from one to the
/// other (`facts/lifecycle.md` A.8), so a cluster of ours is made anew.
async fn start_over_if_of_another_kind(
    sandbox: &Sandbox,
    prepared: &Prepared,
    events: &Events,
) -> Result<(), SandboxError> {
    let Some(record) = Record::read(sandbox).filter(|record| record.differs_in_kind(&prepared.resolved)) else {
        return Ok(());
    };
    let text = format!("the sandbox had {} {}: its cluster is made anew", record.line, record.implementation());
    events.emit(Fact::Note { text });
    if let Some(provider) = Provider::in_state(&sandbox.path, sandbox.name.as_str()).await? {
        provider.remove().await?;
    }
    Ok(())
}

/// A sandbox that never had a cluster is taken away again; one that had keeps what there is, for a look and the next `up`.
async fn leave_nothing_half_made(sandbox: &Sandbox, new: bool, error: &ExecuteError) -> Result<(), SandboxError> {
    let no_cluster = matches!(error, ExecuteError::Provider(_));
    if new && no_cluster { sandbox.erase() } else { Ok(()) }
}
