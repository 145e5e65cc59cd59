//! Resource definitions, and what guards them, on a cluster that is not ours alone.

use crate::{
    cluster::{Cluster, ObjectKey, is_owned_by},
    execute::ExecuteError,
    resolve::{Fit, fit_of_definition, line_of},
};
use serde_json::Value;

/// Applies a definition that is absent or ours; one of others is used as it is if it fits, and never changed. Returns
/// whether it was written.
///
/// # Errors
/// SHARED-01: it is of others and does not fit.
pub async fn bring_or_use(cluster: &Cluster, wanted: &Value, line: &str) -> Result<bool, ExecuteError> {
    let Some(owner) = cluster.owner() else { return Ok(cluster.bring(wanted).await?) };
    match cluster.get(&ObjectKey::of(wanted)).await? {
        // A policy of others that guards definitions is as good as ours.
        Some(live) if !is_owned_by(&live, owner) && wanted["kind"] != "CustomResourceDefinition" => Ok(false),
        Some(live) if !is_owned_by(&live, owner) => match fit_of_definition(wanted, &live, line_of(line)?) {
            Fit::Fits => Ok(false),
            Fit::Conflict(conflict) => Err(ExecuteError::Conflicts { conflicts: conflict.to_string() }),
        },
        _ => Ok(cluster.bring(wanted).await?),
    }
}
