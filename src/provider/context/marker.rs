//! The marker in a shared cluster that says which sandbox uses it.

use super::{look::SharedMarker, record::Record};
use crate::{
    cluster::{Cluster, ClusterError, ObjectKey, SANDBOX_LABEL},
    provider::ProviderError,
};
use serde_json::{Value, json};

pub(super) const NAMESPACE: &str = "agw-sandbox";
const NAME: &str = "identity";

/// Looks for the marker.
pub(super) async fn look(cluster: &Cluster) -> Result<SharedMarker, ClusterError> {
    let object = cluster.get(&ObjectKey::namespaced("v1", "ConfigMap", NAMESPACE, NAME)).await?;
    let Some(object) = object else { return Ok(SharedMarker::Missing) };
    let text = |key: &str| object["data"][key].as_str().unwrap_or_default().to_owned();
    Ok(SharedMarker::Of { id: text("id"), sandbox: text("sandbox"), since: text("created") })
}

/// Writes the marker; false where somebody else's was quicker. CLUSTER-06: the namespace is there and not ours.
pub(super) async fn write(cluster: &Cluster, sandbox: &str, record: &Record) -> Result<bool, ProviderError> {
    let labels = json!({SANDBOX_LABEL: sandbox});
    let namespace =
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE, "labels": labels.clone()}});
    cluster.bring(&namespace).await?;
    let identity: Value = json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": NAME, "namespace": NAMESPACE, "labels": labels},
        "data": {
            "id": record.id,
            "sandbox": sandbox,
            "madeBy": concat!("agw-sandbox ", env!("CARGO_PKG_VERSION")),
            "created": record.agreed.to_string(),
        },
    });
    Ok(cluster.create(&identity).await?)
}
