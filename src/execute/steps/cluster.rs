//! A cluster that answers.

use crate::{
    cluster::{Cluster, Telling},
    execute::{Done, ExecuteError, World, take_away},
    plan::PlannedStep,
    provider::{ClusterSpec, Embedded, Provider},
};
use std::time::Duration;

/// How long an API may be away in the middle of a run: its node is stopped and started, its leader elected anew.
const PATIENCE: Duration = Duration::from_secs(45);
/// Pause between two looks at the API.
const LOOK: Duration = Duration::from_millis(5);

/// Ensures the cluster and waits until its API is ready.
pub async fn bring_about(planned: &PlannedStep, spec: &ClusterSpec, world: &World) -> Result<Done, ExecuteError> {
    let telling = |waits_for| world.waits(&planned.id, waits_for);
    let provider = provider(spec, world, &telling).await?;
    world.found_provider(provider.clone());
    let (facts, started) = provider.ensure(spec, &telling).await?;
    let owner = facts.shared.as_ref().map(|shared| shared.owner.clone());
    let cluster = Cluster::from_kubeconfig(&facts.kubeconfig, world.writes.clone()).await?;
    let cluster = cluster.with_patience(PATIENCE).owned_by(owner);
    while !cluster.is_ready().await {
        world.waits(&planned.id, format!("{}/readyz", facts.api));
        tokio::time::sleep(LOOK).await;
    }
    let detail = facts.api.clone();
    world.found_cluster(cluster, facts);
    Ok(Done::changed_if(started, detail))
}

/// Waits until the cluster is whole, whose API answered before.
pub async fn settle(planned: &PlannedStep, world: &World) -> Result<Done, ExecuteError> {
    let Some(provider) = world.provider().await else { return Ok(Done::changed_if(false, "")) };
    let telling = |waits_for| world.waits(&planned.id, waits_for);
    let waited = provider.settle(&telling).await?;
    Ok(Done::changed_if(waited, ""))
}

/// The provider that is wanted. What another one left in this sandbox is taken away first.
async fn provider(spec: &ClusterSpec, world: &World, telling: Telling<'_>) -> Result<Provider, ExecuteError> {
    let wanted = Provider::of(spec, &world.home, &world.sandbox).await?;
    if let Some(there) = Provider::in_state(&world.home, &world.sandbox).await?
        && std::mem::discriminant(&there) != std::mem::discriminant(&wanted)
    {
        take_away(&there, &world.home, telling).await?;
    }
    if matches!(wanted, Provider::Context(_)) {
        // The agreement was noted beside what the embedded provider left.
        Embedded::new(world.home.clone()).remove().await?;
    }
    Ok(wanted)
}
