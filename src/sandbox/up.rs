//! `up`: the whole way from a wish to a verified gateway.

use super::{
    Claim, Consent, Home, Prepared, Record, Sandbox, SandboxError, TestOptions, consent, consent::Agreed,
    down::telling_to, notes::notes, prepare, test::run_scenarios,
};
use crate::{
    cluster::Writes,
    event::{Events, Fact, Tally},
    execute::{self, ExecuteError, Journal, Outcome, World, take_away},
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
    /// Whether a cluster of the user's may be used.
    pub consent: Consent,
    /// Time for the whole run.
    pub timeout: Duration,
    /// Counts mutating calls.
    pub writes: Writes,
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
    let began = Instant::now();
    let (version, name) = (env!("CARGO_PKG_VERSION").to_owned(), sandbox.name.to_string());
    let prepared = prepare(sandbox, &options.profile, &options.flags).await?;
    let had_state = sandbox.path.exists();
    let (_claim, agreed) = admit(home, sandbox, &prepared, &options.consent, cancel).await?;
    events.emit(Fact::UpStarted { version, sandbox: name, profile: prepared.profile.name.clone() });
    events.emit(Fact::ProviderChosen {
        provider: prepared.resolved.provider.to_string(),
        gateway: gateway_in_words(&prepared.resolved),
        refused: prepared.refused.clone(),
    });
    for text in notes(&prepared) {
        events.emit(Fact::Note { text });
    }
    sandbox.make()?;
    start_over_if_of_another_kind(sandbox, &prepared, events).await?;
    agreed.iter().try_for_each(|agreed| agreed.keep(sandbox))?;
    Record::of(&prepared.resolved).write(sandbox)?;
    let preparation = began.elapsed();
    let supply = Arc::clone(&prepared.supply);
    let world = World::new(sandbox.name.as_str(), sandbox.path.clone(), supply, events.clone(), cancel.clone());
    let world = Arc::new(world.of_line(&prepared.resolved.line).counting(&options.writes));
    world.must_end_by(ends);
    let mut journal = Journal::at(sandbox.path.join("journal.jsonl"));
    let outcome = match execute::run(&prepared.plan, &world, &mut journal).await {
        Ok(outcome) => outcome,
        Err(error) => {
            leave_nothing_half_made(sandbox, !had_state, &error).await?;
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
    Ok(UpReport { prepared, outcome, smoke, preparation })
}

/// Claims the sandbox, and sees to it that its cluster may be used. A refusal leaves no trace.
async fn admit(
    home: &Home,
    sandbox: &Sandbox,
    prepared: &Prepared,
    consent: &Consent,
    cancel: &CancellationToken,
) -> Result<(Claim, Option<Agreed>), SandboxError> {
    let claim = Claim::take(home, sandbox)?;
    match consent::obtain(sandbox, prepared, consent, cancel).await {
        Ok(agreed) => Ok((claim, agreed)),
        Err(error) => {
            // The claim lies beside the sandbox, so that nothing is empty before it is given back.
            drop(claim);
            home.leave_if_empty();
            Err(error)
        }
    }
}

/// Who plays the release, in words that cannot be mistaken.
fn gateway_in_words(resolved: &Resolved) -> String {
    match (&resolved.parts, resolved.self_image()) {
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
        take_away(&provider, &sandbox.path, &telling_to(events)).await?;
    }
    Ok(())
}

/// A sandbox that never had a cluster is taken away again; one that had keeps what there is, for a look and the next `up`.
async fn leave_nothing_half_made(sandbox: &Sandbox, new: bool, error: &ExecuteError) -> Result<(), SandboxError> {
    let no_cluster = matches!(error, ExecuteError::Provider(_));
    if new && no_cluster { sandbox.erase() } else { Ok(()) }
}
