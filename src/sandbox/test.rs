//! `test`: scenarios against the gateway that is up.

use super::{External, Running, Sandbox, SandboxError};
use crate::{
    cluster::Writes,
    event::{Events, Fact, Tally},
    execute::Reach,
    scenario::{self, Catalogue, Costs, RunOptions, Scenario, Shard, Target, TargetFacts, Ways},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio_util::sync::CancellationToken;

/// The tag of the rows of the gate chain, which are summed up with what they answered.
const GATES: &str = "gates";

/// What `test` is asked to do.
#[derive(Debug, Clone)]
pub struct TestOptions {
    /// Ids, globs or tags; none: all.
    pub patterns: Vec<String>,
    /// Seed of the order; none: a random one.
    pub seed: Option<u64>,
    /// How many run at a time.
    pub parallel: usize,
    /// A way in which the gateway misbehaves meanwhile.
    pub mutant: Option<String>,
    /// How often all of them run, each time in another order.
    pub rounds: u32,
    /// Whether the first round that is not green is the last.
    pub until_fail: bool,
    /// Which part of them runs here.
    pub shard: Option<Shard>,
    /// Whether what passes keeps its evidence too.
    pub keeps_evidence: bool,
    /// A gateway that is no sandbox's.
    pub external: Option<External>,
}

impl Default for TestOptions {
    fn default() -> Self {
        Self {
            patterns: Vec::new(),
            seed: None,
            parallel: 8,
            mutant: None,
            rounds: 1,
            until_fail: false,
            shard: None,
            keeps_evidence: false,
            external: None,
        }
    }
}

impl TestOptions {
    /// The scenarios that are chosen.
    fn selection(&self) -> Result<Vec<Arc<Scenario>>, SandboxError> {
        let selection = Catalogue::built_in()?.select(&self.patterns)?;
        Ok(match self.shard {
            None => selection,
            Some(shard) => scenario::shard(selection, shard, &Costs::built_in()?),
        })
    }
}

/// Runs scenarios against a sandbox that is up, or against a gateway that is none's.
pub async fn test(
    sandbox: &Sandbox,
    options: &TestOptions,
    events: &Events,
    cancel: &CancellationToken,
) -> Result<(Tally, Duration), SandboxError> {
    match &options.external {
        None => run_scenarios(sandbox, options, &Writes::default(), events, cancel).await,
        Some(external) => {
            let selection = options.selection()?;
            let target = external.target().await?;
            let began = Instant::now();
            let tally = rounds(&selection, &target, options, events, cancel).await;
            Ok((tally, began.elapsed()))
        }
    }
}

pub(super) async fn run_scenarios(
    sandbox: &Sandbox,
    options: &TestOptions,
    writes: &Writes,
    events: &Events,
    cancel: &CancellationToken,
) -> Result<(Tally, Duration), SandboxError> {
    let running = Running::find(sandbox, writes.clone()).await?;
    let selection = options.selection()?;
    let target = target(&running).await?;
    let began = Instant::now();
    if let Some(name) = &options.mutant {
        running.set_mutant(Some(name)).await?;
    }
    let tally = rounds(&selection, &target, options, events, cancel).await;
    if options.mutant.is_some() {
        running.set_mutant(None).await?;
    }
    Ok((tally, began.elapsed()))
}

/// All of them once, or as often as is asked.
async fn rounds(
    selection: &[Arc<Scenario>],
    target: &Target,
    options: &TestOptions,
    events: &Events,
    cancel: &CancellationToken,
) -> Tally {
    let seed = options.seed.unwrap_or_else(|| rand::random::<u32>().into());
    let mut tally = Tally::default();
    for round in 0..options.rounds.max(1) {
        let run = RunOptions {
            parallel: options.parallel,
            second_try: options.mutant.is_none(),
            keeps_evidence: options.keeps_evidence
                || selection.iter().any(|scenario| scenario.tags.iter().any(|tag| tag == GATES)),
            ..RunOptions::seeded(seed.wrapping_add(round.into()))
        };
        let this = scenario::run(selection.to_vec(), target, run, events, cancel.clone()).await;
        tally.add(this);
        if cancel.is_cancelled() || (options.until_fail && !this.is_green()) {
            if options.rounds > 1 {
                events.emit(Fact::Note { text: format!("round {} was the last", round + 1) });
            }
            break;
        }
    }
    tally
}

pub(super) async fn target(running: &Running) -> Result<Target, SandboxError> {
    let (gateway, gateway_url) = running.gateway().await?;
    let record = &running.record;
    Ok(Target {
        gateway_url,
        gateway,
        cluster: running.cluster.client(),
        ways: ways(running.reach.clone()),
        mocks: running.mocks().await?,
        observations: running.observations(),
        facts: TargetFacts {
            line: record.line.clone(),
            release: record.release.clone(),
            provider: record.provider.clone(),
            implementation: if running.record.real { "real" } else { "reference" }.to_owned(),
        },
    })
}

/// Ways to Gateways of scenarios' own.
fn ways(reach: Reach) -> Ways {
    Ways::new(move |service| {
        let reach = reach.clone();
        // A way that cannot be opened now is asked for again, until the scenario's deadline.
        Box::pin(async move { reach.open(&service, None).await.ok().flatten() })
    })
}
