//! `host.internal` as the name of this machine in pods.

use crate::{
    execute::{Done, ExecuteError, World},
    provider::ensure_host_alias,
};

/// Changes CoreDNS of a cluster that we made, if the name does not lead here yet.
pub async fn bring_about(world: &World) -> Result<Done, ExecuteError> {
    let Some(target) = &world.facts()?.host else {
        return Ok(Done::warned("no address of this machine is known to the cluster's network"));
    };
    let changed = ensure_host_alias(world.cluster()?, target).await?;
    Ok(Done::changed_if(changed, format!("is {target}")))
}
