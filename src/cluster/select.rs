//! Objects of one namespace, by label.

use super::{Cluster, ClusterError, ObjectKey, resource_of};
use kube::{
    Api,
    api::{DynamicObject, ListParams},
};
use serde_json::Value;

/// The most objects that are read at once.
const MOST: u32 = 500;

impl Cluster {
    /// Objects of a kind in a namespace with these labels, `a=b,c=d`; empty labels fit all.
    pub(super) async fn select(
        &self,
        api_version: &str,
        kind: &str,
        namespace: &str,
        labels: &str,
    ) -> Result<Vec<Value>, ClusterError> {
        let (resource, _) = resource_of(api_version, kind)?;
        let key = ObjectKey::namespaced(api_version, kind, namespace, "*");
        let api: Api<DynamicObject> = Api::namespaced_with(self.client(), namespace, &resource);
        let parameters =
            ListParams { label_selector: (!labels.is_empty()).then(|| labels.to_owned()), ..ListParams::default() };
        let list = api.list(&parameters.limit(MOST)).await;
        let list = list.map_err(|error| super::ClusterError::call("listing", &key, &error))?;
        Ok(list.items.iter().map(|object| super::apply::to_value(&key, object)).collect())
    }
}
