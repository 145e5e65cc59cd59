//! `up`: the whole way from a wish to a verified gateway.

use super::{Claim, Home, Prepared, Record, Sandbox, SandboxError, TestOptions, prepare, test::run_scenarios};
use crate::{
    event::{Events, Fact, Tally},
    execute::{self, ExecuteError, Journal, Outcome, World},
    profile::Overrides,
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
    let ends = Instant::now() + options.timeout;
    let work = work(home, sandbox, options, ends, events, cancel);
    let late = SandboxError::TimedOut { seconds: options.timeout.as_secs() };
    tokio::time::timeout(options.timeout, work).await.unwrap_or(Err(late))
}

async fn work(
    home: &Home,
    sandbox: &Sandbox,
    options: &UpOptions,
    ends: Instant,
    events: &Events,
    cancel: &CancellationToken,
) -> Result<UpReport, SandboxError> {
    let (version, name) = (env!("CARGO_PKG_VERSION").to_owned(), sandbox.name.to_string());
    let prepared = prepare(sandbox, &options.profile, &options.flags).await?;
    events.emit(Fact::UpStarted { version, sandbox: name, profile: prepared.profile.name.clone() });
    events.emit(Fact::ProviderChosen {
        provider: prepared.resolved.provider.to_string(),
        gateway: "reference gateway, built in (not agentgateway)".to_owned(),
        refused: prepared.refused.clone(),
    });
    let _claim = Claim::take(home, sandbox)?;
    let new = sandbox.make()?;
    Record::of(&prepared.resolved).write(sandbox)?;
    let world = Arc::new(World::new(sandbox.name.as_str(), sandbox.path.clone(), events.clone()));
    world.must_end_by(ends);
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
    Ok(UpReport { prepared, outcome, smoke, writes: world.writes.count() })
}

/// A sandbox that never had a cluster is taken away again; one that had keeps what there is, for a look and the next `up`.
async fn leave_nothing_half_made(sandbox: &Sandbox, new: bool, error: &ExecuteError) -> Result<(), SandboxError> {
    let no_cluster = matches!(error, ExecuteError::Provider(_));
    if new && no_cluster { sandbox.erase() } else { Ok(()) }
}
