//! Helm releases in namespaces of ours.

use crate::{
    chart::Helm,
    cluster::Cluster,
    execute::ExecuteError,
    process::{Tool, find_tool},
    provider::ClusterFacts,
};
use serde_json::Value;
use std::path::Path;
use tokio_util::sync::CancellationToken;

/// Removes the helm releases in our namespaces, the one with the controller before the one with its definitions. Returns what
/// was removed.
///
/// # Errors
/// Helm is not there although there are releases, or fails.
pub async fn remove_releases(
    cluster: &Cluster,
    facts: &ClusterFacts,
    home: &Path,
    owner: &str,
) -> Result<Vec<String>, ExecuteError> {
    let mut releases = Vec::new();
    for namespace in cluster.list_owned("v1", "Namespace", owner).await? {
        let secrets = cluster.list_labelled("v1", "Secret", &namespace.name, "owner=helm").await?;
        let names = secrets.iter().filter_map(|secret| secret.pointer("/metadata/labels/name").and_then(Value::as_str));
        releases.extend(names.map(|name| (namespace.name.clone(), name.to_owned())));
    }
    if releases.is_empty() {
        return Ok(Vec::new());
    }
    // Definitions go last: `-crds` ends the name of their chart in every line.
    releases.sort_by_key(|(namespace, name)| (name.ends_with("-crds"), namespace.clone(), name.clone()));
    releases.dedup();
    let helm = Helm::of_cluster(&find_tool(Tool::Helm).await?.path, &facts.kubeconfig, &home.join("helm"))?;
    let mut removed = Vec::new();
    for (namespace, name) in releases {
        if helm.remove(&namespace, &name, cluster, &CancellationToken::new()).await? {
            removed.push(format!("helm release {namespace}/{name}"));
        }
    }
    Ok(removed)
}
