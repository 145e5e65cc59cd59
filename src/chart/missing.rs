//! Objects of a helm release that somebody else has deleted.

use super::plain::documents;
use crate::cluster::{Cluster, ClusterError, ObjectKey};
use kube::Api;
use kube::api::DynamicObject;
use kube::core::{ApiResource, GroupVersionKind};
use kube::discovery::{ApiCapabilities, Scope, pinned_kind};
use std::collections::HashMap;

/// The objects of a manifest that are not in the cluster. A kind that the cluster no longer knows counts as missing.
pub(super) async fn missing_objects(
    cluster: &Cluster,
    manifest: &str,
    namespace: &str,
) -> Result<Vec<ObjectKey>, ClusterError> {
    let objects = documents(manifest).unwrap_or_default();
    let mut kinds: HashMap<(String, String), Option<(ApiResource, ApiCapabilities)>> = HashMap::new();
    let mut missing = Vec::new();
    for object in &objects {
        let key = ObjectKey::of(object);
        let failed = |error: kube::Error| ClusterError::Call {
            doing: format!("reading {key}"),
            why: super::network::chain(&error),
        };
        let kind = (key.api_version.clone(), key.kind.clone());
        if !kinds.contains_key(&kind) {
            let (group, version) = key.api_version.split_once('/').unwrap_or(("", &key.api_version));
            let found = match pinned_kind(&cluster.client(), &GroupVersionKind::gvk(group, version, &key.kind)).await {
                Ok(found) => Some(found),
                Err(kube::Error::Discovery(_)) => None,
                Err(kube::Error::Api(status)) if status.code == 404 => None,
                Err(error) => return Err(failed(error)),
            };
            kinds.insert(kind.clone(), found);
        }
        let Some(Some((resource, capabilities))) = kinds.get(&kind) else {
            missing.push(key);
            continue;
        };
        let place = key.namespace.as_deref().unwrap_or(namespace);
        let api: Api<DynamicObject> = match capabilities.scope {
            Scope::Namespaced => Api::namespaced_with(cluster.client(), place, resource),
            Scope::Cluster => Api::all_with(cluster.client(), resource),
        };
        if api.get_metadata_opt(&key.name).await.map_err(failed)?.is_none() {
            missing.push(key);
        }
    }
    Ok(missing)
}
