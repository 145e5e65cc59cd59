//! The marker in the cluster that says whose it is.

use super::{standing::Marker, state::Record};
use crate::{
    cluster::{Cluster, ClusterError, ObjectKey, SANDBOX_LABEL},
    provider::ProviderError,
};
use serde_json::{Value, json};

const NAMESPACE: &str = "agw-sandbox";
const NAME: &str = "identity";

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

/// Writes the marker.
pub(super) async fn write(cluster: &Cluster, sandbox: &str, record: &Record) -> Result<(), ProviderError> {
    let labels = json!({SANDBOX_LABEL: sandbox});
    let namespace =
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE, "labels": labels.clone()}});
    let identity = json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": NAME, "namespace": NAMESPACE, "labels": labels},
        "data": {
            "id": record.id,
            "sandbox": sandbox,
            "madeBy": concat!("agw-sandbox ", env!("CARGO_PKG_VERSION")),
            "created": record.began.to_string(),
        },
    });
    for object in [namespace, identity] {
        cluster.bring(&object).await.map_err(|error: ClusterError| ProviderError::from(error))?;
    }
    Ok(())
}
