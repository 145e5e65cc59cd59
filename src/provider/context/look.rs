//! Looking at a cluster of the user's: which it is, and who uses it. Nothing but reads.

use super::{ContextEntry, ContextError, marker};
use crate::cluster::{Cluster, ClusterError, ObjectKey};
use serde_json::Value;
use std::{path::Path, time::Duration};

/// Time for the API to answer before it counts as silent; a plugin may log in meanwhile.
const ANSWER: Duration = Duration::from_secs(15);

/// What was seen of the marker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SharedMarker {
    /// No sandbox uses the cluster.
    Missing,
    /// One does.
    Of {
        /// Its id.
        id: String,
        /// Its name.
        sandbox: String,
        /// Since when.
        since: String,
    },
}

/// A cluster of the user's, as it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextSight {
    /// The context's name.
    pub context: String,
    /// URL of its API.
    pub api: String,
    /// UID of its namespace kube-system, which no other cluster has.
    pub cluster: String,
    /// Who uses it.
    pub marker: SharedMarker,
    /// Names of the GatewayClasses in it.
    pub classes: Vec<String>,
}

/// Looks at the cluster that a context leads to.
///
/// # Errors
/// PROVIDER-36: it does not answer.
pub(super) async fn look(entry: &ContextEntry) -> Result<ContextSight, ContextError> {
    let silent = |why: String| ContextError::Silent { context: entry.name.clone(), api: entry.api.clone(), why };
    let seen = tokio::time::timeout(ANSWER, see(entry)).await;
    let seen = seen.map_err(|_| silent(format!("no answer within {} s", ANSWER.as_secs())))?;
    seen.map_err(|error| silent(error.to_string()))
}

async fn see(entry: &ContextEntry) -> Result<ContextSight, ClusterError> {
    let cluster = Cluster::from_value(entry.kubeconfig(), Path::new("of the user")).await?;
    let key =
        ObjectKey { api_version: "v1".into(), kind: "Namespace".into(), namespace: None, name: "kube-system".into() };
    let (system, marker, classes) = tokio::join!(cluster.get(&key), marker::look(&cluster), classes(&cluster));
    let uid =
        system?.and_then(|namespace| namespace.pointer("/metadata/uid").and_then(Value::as_str).map(str::to_owned));
    let uid = uid.ok_or_else(|| ClusterError::Call {
        doing: "looking for namespace kube-system".to_owned(),
        why: "there is none, so nothing tells this cluster from others".to_owned(),
    })?;
    Ok(ContextSight { context: entry.name.clone(), api: entry.api.clone(), cluster: uid, marker: marker?, classes })
}

/// A cluster without Gateway API has none.
async fn classes(cluster: &Cluster) -> Vec<String> {
    let all = cluster.list("gateway.networking.k8s.io/v1", "GatewayClass").await.unwrap_or_default();
    all.iter().filter_map(|class| class["metadata"]["name"].as_str().map(str::to_owned)).collect()
}
