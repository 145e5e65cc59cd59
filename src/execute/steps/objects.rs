//! Objects that are ready.

use super::secret;
use crate::{
    cluster::{Cluster, ObjectKey, SANDBOX_LABEL},
    execute::{Done, ExecuteError, World},
    plan::{ObjectSet, PlannedStep, SET_LABEL},
};
use futures_util::future::try_join_all;
use serde_json::Value;
use std::{collections::HashSet, time::Instant};

/// Kinds that a set can hold and that are removed when they leave it; a cluster serves those of its line.
const REMOVABLE: [(&str, &str); 6] = [
    ("gateway.networking.k8s.io/v1", "HTTPRoute"),
    ("agentgateway.dev/v1alpha1", "AgentgatewayPolicy"),
    ("agentgateway.dev/v1alpha1", "AgentgatewayBackend"),
    ("gateway.kgateway.dev/v1alpha1", "TrafficPolicy"),
    ("gateway.kgateway.dev/v1alpha1", "Backend"),
    ("v1", "Secret"),
];

/// Applies what differs, removes what left the set, and waits for what must be ready.
pub async fn bring_about(planned: &PlannedStep, set: &ObjectSet, world: &World) -> Result<Done, ExecuteError> {
    let began = Instant::now();
    let cluster = world.cluster()?;
    let sandbox = set.objects.first().and_then(|object| object["metadata"]["labels"][SANDBOX_LABEL].as_str());
    let secrets = secret::objects(&set.secrets, sandbox.unwrap_or_default(), &set.set)?;
    let wanted: Vec<&Value> = set.objects.iter().chain(&secrets).collect();
    let mut changed = false;
    let (namespaces, others): (Vec<&Value>, Vec<&Value>) =
        wanted.into_iter().partition(|object| object["kind"] == "Namespace");
    for object in namespaces {
        changed |= cluster.bring(object).await?;
    }
    changed |= try_join_all(others.iter().map(|object| cluster.bring(object))).await?.contains(&true);
    changed |= remove_departed(cluster, set, sandbox.unwrap_or_default(), &others).await?;
    let telling = |waits_for| world.waits(&planned.id, waits_for);
    for key in &set.ready {
        let time = world.time_for_wait(planned, began);
        cluster.wait_for(key.clone()).within(time).telling(&telling).retrying().until_ready().await?;
    }
    Ok(Done::changed_if(changed, detail(set)))
}

async fn remove_departed(
    cluster: &Cluster,
    set: &ObjectSet,
    sandbox: &str,
    wanted: &[&Value],
) -> Result<bool, ExecuteError> {
    if set.objects.iter().all(|object| object["kind"] != "HTTPRoute") {
        return Ok(false);
    }
    let wanted: HashSet<ObjectKey> = wanted.iter().map(|object| ObjectKey::of(object)).collect();
    let lists = REMOVABLE.iter().map(|(api_version, kind)| cluster.list_if_served(api_version, kind));
    let mut removed = false;
    for object in try_join_all(lists).await?.into_iter().flatten().flatten() {
        let labels = &object["metadata"]["labels"];
        let ours = labels[SANDBOX_LABEL] == sandbox && labels[SET_LABEL] == set.set.as_str();
        let key = ObjectKey::of(&object);
        if ours && !wanted.contains(&key) {
            removed |= cluster.delete(&key).await?;
        }
    }
    Ok(removed)
}

fn detail(set: &ObjectSet) -> String {
    let count = |kind: &str| set.objects.iter().filter(|object| object["kind"] == kind).count();
    match (count("HTTPRoute"), count("Gateway")) {
        (0, 0) => "Available".to_owned(),
        (0, _) => "Accepted, Programmed".to_owned(),
        (routes, _) => format!(
            "{routes} routes, {} backends, {} policies",
            count("AgentgatewayBackend") + count("Backend"),
            count("AgentgatewayPolicy") + count("TrafficPolicy")
        ),
    }
}
