//! A URL of the gateway that works from here.

use crate::{
    cluster::ObjectKey,
    execute::{Done, ExecuteError, World, gateway_url},
    plan::{AccessSpec, PlannedStep},
};
use std::time::Duration;

/// Pause between two looks at the Service.
const LOOK: Duration = Duration::from_millis(5);

/// Reads the way from this machine to the listener off the Service of the Gateway.
pub async fn bring_about(planned: &PlannedStep, access: &AccessSpec, world: &World) -> Result<Done, ExecuteError> {
    let (cluster, facts) = (world.cluster()?, world.facts()?);
    let key = ObjectKey::namespaced("v1", "Service", &access.namespace, &access.gateway);
    let url = loop {
        let service = cluster.get(&key).await?;
        if let Some(url) = service.and_then(|service| gateway_url(&service, Some(access.port), facts)) {
            break url;
        }
        world.waits(&planned.id, format!("{key}: a node port for {}", access.port));
        tokio::time::sleep(LOOK).await;
    };
    let detail = match url.ends_with(&format!(":{}", access.port)) {
        true => url.clone(),
        false => format!("{url} (port {} is in use here)", access.port),
    };
    world.found_url(url);
    Ok(Done::changed_if(false, detail))
}
