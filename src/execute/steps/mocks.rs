//! Mocks that have endpoints.

use super::host_mocks;
use crate::{
    cluster::{Cluster, ObjectKey},
    exchange::Lane,
    execute::{Done, ExecuteError, World},
    plan::{MOCKS_NAMESPACE, MockSet, PlannedStep},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

/// Pause after an answer that did not come.
const RETRY: Duration = Duration::from_millis(50);
/// Pause between two looks at the endpoints.
const LOOK: Duration = Duration::from_millis(5);

/// Applies the Services, waits until every one has an endpoint, and tells the mocks how to behave.
pub async fn bring_about(planned: &PlannedStep, set: &MockSet, world: &World) -> Result<Done, ExecuteError> {
    let cluster = world.cluster()?;
    if set.on_host {
        let done = host_mocks::bring_about(set, world).await?;
        behave(planned, set, world).await?;
        return Ok(done);
    }
    let mut changed = host_mocks::retire(cluster, set, world).await?;
    for object in &set.objects {
        changed |= cluster.bring(object).await?;
        if let (Some(token), "Namespace") = (&set.token, object["kind"].as_str().unwrap_or_default()) {
            changed |= bring_token(cluster, token).await?;
        }
    }
    loop {
        let missing = without_endpoints(cluster, set).await?;
        if missing.is_empty() {
            break;
        }
        world.waits(&planned.id, format!("endpoints of {}", missing.join(", ")));
        tokio::time::sleep(LOOK).await;
    }
    behave(planned, set, world).await?;
    let names: Vec<&str> = set.services.iter().map(|service| service.name.as_str()).collect();
    Ok(Done::changed_if(changed, names.join(", ")))
}

/// A token is made once and kept: a new one at each run would be a change.
async fn bring_token(cluster: &Cluster, key: &ObjectKey) -> Result<bool, ExecuteError> {
    if cluster.get(key).await?.is_some() {
        return Ok(false);
    }
    let token: [u8; 24] = rand::random();
    let secret = json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": key.name, "namespace": key.namespace},
        "stringData": {"token": hex::encode(token)},
    });
    Ok(cluster.bring(&secret).await?)
}

async fn without_endpoints(cluster: &Cluster, set: &MockSet) -> Result<Vec<String>, ExecuteError> {
    let slices = cluster.list("discovery.k8s.io/v1", "EndpointSlice").await?;
    let ready: BTreeSet<&str> = slices.iter().filter_map(ready_service).collect();
    let names = set.services.iter().map(|service| &service.name);
    Ok(names.filter(|name| !ready.contains(name.as_str())).cloned().collect())
}

/// The Service of a slice in the mocks' namespace that has an endpoint.
fn ready_service(slice: &Value) -> Option<&str> {
    let is_ready = |endpoint: &Value| endpoint["conditions"]["ready"] != false;
    let has_endpoint = slice["endpoints"].as_array().is_some_and(|endpoints| endpoints.iter().any(is_ready));
    let ours = slice.pointer("/metadata/namespace")? == MOCKS_NAMESPACE;
    (ours && has_endpoint).then(|| slice["metadata"]["labels"]["kubernetes.io/service-name"].as_str())?
}

/// Waits until the mocks answer, and tells them how to behave; one that answers every good request well needs no word. A node
/// port works only a moment after its endpoint is there, and after a restart of the node endpoints are older than their pods.
async fn behave(planned: &PlannedStep, set: &MockSet, world: &World) -> Result<(), ExecuteError> {
    let mocks = world.reach()?.mock_admin().await?;
    let lane = Lane::named(MOCKS_NAMESPACE);
    let began = Instant::now();
    while let Err(error) = mocks.all(Some(&lane), None).await {
        if world.time_for_wait(planned, began) < RETRY {
            return Err(ExecuteError::Mock { mock: "admin".to_owned(), why: error.to_string() });
        }
        world.waits(&planned.id, format!("the admin API of the mocks: {error}"));
        tokio::time::sleep(RETRY).await;
    }
    for (mock, behaviour) in &set.behaviours {
        let told = mocks.behave(&lane, mock, behaviour).await;
        told.map_err(|error| ExecuteError::Mock { mock: mock.clone(), why: error.to_string() })?;
    }
    Ok(())
}
