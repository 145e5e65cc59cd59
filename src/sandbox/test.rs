//! `test`: scenarios against the gateway that is up.

use super::{Running, Sandbox, SandboxError};
use crate::{
    cluster::Writes,
    event::{Events, Tally},
    execute::Reach,
    scenario::{self, Catalogue, RunOptions, Target, TargetFacts, Ways},
};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

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
}

impl Default for TestOptions {
    fn default() -> Self {
        Self { patterns: Vec::new(), seed: None, parallel: 8, mutant: None }
    }
}

/// Runs scenarios against a sandbox that is up.
pub async fn test(
    sandbox: &Sandbox,
    options: &TestOptions,
    events: &Events,
    cancel: &CancellationToken,
) -> Result<(Tally, Duration), SandboxError> {
    run_scenarios(sandbox, options, &Writes::default(), events, cancel).await
}

pub(super) async fn run_scenarios(
    sandbox: &Sandbox,
    options: &TestOptions,
    writes: &Writes,
    events: &Events,
    cancel: &CancellationToken,
) -> Result<(Tally, Duration), SandboxError> {
    let running = Running::find(sandbox, writes.clone()).await?;
    let selection = Catalogue::built_in()?.select(&options.patterns)?;
    let target = target(&running).await?;
    let seed = options.seed.unwrap_or_else(|| rand::random::<u32>().into());
    let run = RunOptions { parallel: options.parallel, ..RunOptions::seeded(seed) };
    let began = Instant::now();
    if let Some(name) = &options.mutant {
        running.set_mutant(Some(name)).await?;
    }
    let tally = scenario::run(selection, &target, run, events, cancel.clone()).await;
    if options.mutant.is_some() {
        running.set_mutant(None).await?;
    }
    Ok((tally, began.elapsed()))
}

async fn target(running: &Running) -> Result<Target, SandboxError> {
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
