//! The marker in a shared cluster that says which sandbox uses it.

use super::{look::SharedMarker, record::Record};
use crate::{
    cluster::{Cluster, ClusterError, ObjectKey},
    provider::{
        ProviderError,
        identity::{self, NAME, NAMESPACE},
    },
};

/// Looks for the marker.
pub(super) async fn look(cluster: &Cluster) -> Result<SharedMarker, ClusterError> {
    let object = cluster.get(&ObjectKey::namespaced("v1", "ConfigMap", NAMESPACE, NAME)).await?;
    let Some(object) = object else { return Ok(SharedMarker::Missing) };
    let text = |key: &str| object["data"][key].as_str().unwrap_or_default().to_owned();
    Ok(SharedMarker::Of { id: text("id"), sandbox: text("sandbox"), since: text("created") })
}

/// Writes the marker; false where somebody else's was quicker. CLUSTER-06: the namespace is there and not ours.
pub(super) async fn write(cluster: &Cluster, sandbox: &str, record: &Record) -> Result<bool, ProviderError> {
    cluster.bring(&identity::namespace(sandbox)).await?;
    let marker = identity::marker(sandbox, &record.id, &record.agreed.to_string());
    Ok(cluster.create(&marker).await?)
}
