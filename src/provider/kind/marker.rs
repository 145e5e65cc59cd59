//! The marker in the cluster that says whose it is.

use super::{standing::Marker, state::Record};
use crate::{
    cluster::{Cluster, ObjectKey},
    provider::{
        ProviderError,
        identity::{self, NAME, NAMESPACE},
    },
};
use serde_json::Value;

/// Looks for the marker. A call that fails leaves it unknown.
pub(super) async fn look(cluster: &Cluster) -> Marker {
    match cluster.get(&ObjectKey::namespaced("v1", "ConfigMap", NAMESPACE, NAME)).await {
        Ok(None) => Marker::Missing,
        Ok(Some(object)) => {
            let id = object.pointer("/data/id").and_then(Value::as_str).unwrap_or_default();
            Marker::Of(id.to_owned())
        }
        Err(_) => Marker::Unknown,
    }
}

/// Writes the marker. A namespace that is there stays as it is: by now a step of the plan may have put labels of its own on it.
pub(super) async fn write(cluster: &Cluster, sandbox: &str, record: &Record) -> Result<(), ProviderError> {
    let marker = identity::marker(sandbox, &record.id, &record.began.to_string());
    let namespace = identity::namespace(sandbox);
    if cluster.get(&ObjectKey::of(&namespace)).await?.is_none() {
        cluster.bring(&namespace).await?;
    }
    cluster.bring(&marker).await?;
    Ok(())
}
