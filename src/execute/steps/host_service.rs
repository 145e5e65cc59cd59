//! This machine as a Service, on a cluster whose name service is not ours.

use crate::{
    execute::{Done, ExecuteError, World},
    plan::HostServiceSpec,
};

/// Applies the Service; says which backends are left out where pods have no way here.
pub async fn bring_about(spec: &HostServiceSpec, world: &World) -> Result<Done, ExecuteError> {
    if !spec.left_out.is_empty() {
        return Ok(Done::warned(format!(
            "left out: {}, because pods of this cluster know no address of this machine\n\
             give one that they reach: --host-address IP",
            spec.left_out.join(", ")
        )));
    }
    let cluster = world.cluster()?;
    let mut changed = false;
    for object in &spec.objects {
        changed |= cluster.bring(object).await?;
    }
    let detail = if spec.objects.is_empty() { "no backend is on this machine" } else { "is Service host" };
    Ok(Done::changed_if(changed, detail))
}
