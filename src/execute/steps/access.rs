//! A URL of the gateway that works from here.

use crate::{
    cluster::ObjectKey,
    execute::{Done, ExecuteError, World},
    plan::{AccessSpec, PlannedStep},
};
use std::time::Duration;

/// Pause between two looks at the Service.
const LOOK: Duration = Duration::from_millis(5);

/// Finds a way from this machine to the Service of the Gateway, or opens one.
pub async fn bring_about(planned: &PlannedStep, access: &AccessSpec, world: &World) -> Result<Done, ExecuteError> {
    let (cluster, reach) = (world.cluster()?, world.reach()?);
    let key = ObjectKey::namespaced("v1", "Service", &access.namespace, &access.gateway);
    let url = loop {
        if let Some(service) = cluster.get(&key).await?
            && let Some(url) = reach.open(&service, Some(access.port)).await?
        {
            break url;
        }
        world.waits(&planned.id, format!("{key}: a node port for {}", access.port));
        tokio::time::sleep(LOOK).await;
    };
    let here = url.strip_prefix("http://127.0.0.1:").is_some();
    let detail = match !here || url.ends_with(&format!(":{}", access.port)) {
        true => url.clone(),
        false => format!("{url} (port {} is in use here)", access.port),
    };
    world.found_url(url);
    Ok(Done::changed_if(false, detail))
}
