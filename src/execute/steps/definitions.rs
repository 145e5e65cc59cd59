//! Resource definitions that are served.

use crate::{
    cluster::ObjectKey,
    execute::{Done, ExecuteError, World, shared::bring_or_use},
    plan::{DefinitionSet, PlannedStep},
    resolve,
};
use futures_util::future::try_join_all;
use serde_json::Value;
use std::time::Instant;

/// Applies definitions that differ, all at once, and waits until each is established.
pub async fn bring_about(planned: &PlannedStep, set: &DefinitionSet, world: &World) -> Result<Done, ExecuteError> {
    let began = Instant::now();
    let cluster = world.cluster()?;
    let mut objects = resolve::load_definitions(&set.source)?;
    if set.plain {
        objects.iter_mut().for_each(without_marks);
    }
    let written = try_join_all(objects.iter().map(|object| bring_or_use(cluster, object, &world.line))).await?;
    let telling = |waits_for| world.waits(&planned.id, waits_for);
    let time = world.time_for_wait(planned, began);
    let waits = objects
        .iter()
        .map(|object| cluster.wait_for(ObjectKey::of(object)).within(time).telling(&telling).until_ready());
    try_join_all(waits).await?;
    Ok(Done::changed_if(written.contains(&true), set.about.clone()))
}

/// Takes away the marks in schemas that only the embedded API understands; a real one refuses them.
fn without_marks(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !name.starts_with("x-agw-sandbox-"));
            fields.values_mut().for_each(without_marks);
        }
        Value::Array(items) => items.iter_mut().for_each(without_marks),
        _ => {}
    }
}
