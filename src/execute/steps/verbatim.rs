//! Manifests of others, applied word for word.

use crate::{
    cluster::{Cluster, ObjectKey, SANDBOX_LABEL},
    execute::{ExecuteError, World},
    plan::PlannedStep,
};
use futures_util::future::try_join_all;
use serde_json::{Value, json};

/// Applies what differs and waits until every definition among it is established. Returns whether anything was written.
/// Only our label is added; a status, which generated files carry along, is not applied.
pub async fn apply(planned: &PlannedStep, objects: Vec<Value>, world: &World) -> Result<bool, ExecuteError> {
    let cluster = world.cluster()?;
    let objects: Vec<Value> = objects.into_iter().map(|object| ours(object, &world.sandbox)).collect();
    let (definitions, others): (Vec<Value>, Vec<Value>) = objects.into_iter().partition(is_definition);
    let mut written = bring_all(cluster, &definitions).await?;
    let telling = |waits_for| world.waits(&planned.id, waits_for);
    let waits = definitions.iter().map(|object| {
        cluster.wait_for(ObjectKey::of(object)).within(planned.deadline()).telling(&telling).until_ready()
    });
    try_join_all(waits).await?;
    written |= bring_all(cluster, &others).await?;
    Ok(written)
}

fn is_definition(object: &Value) -> bool {
    object["kind"] == "CustomResourceDefinition"
}

fn ours(mut object: Value, sandbox: &str) -> Value {
    if let Some(fields) = object.as_object_mut() {
        fields.remove("status");
    }
    object["metadata"]["labels"][SANDBOX_LABEL] = json!(sandbox);
    object
}

async fn bring_all(cluster: &Cluster, objects: &[Value]) -> Result<bool, ExecuteError> {
    Ok(try_join_all(objects.iter().map(|object| cluster.bring(object))).await?.contains(&true))
}
