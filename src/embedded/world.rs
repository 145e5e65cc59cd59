//! Everything that one lock guards: the objects and the kinds.

use super::kind::Kind;
use super::refusal::{Answer, Refusal};
use super::registry::Registry;
use super::store::Store;
use serde_json::{Value, json};
use std::sync::Arc;

/// Namespaces that are there from the start and stay.
pub(super) const FIRST_NAMESPACES: [&str; 4] = ["default", "kube-node-lease", "kube-public", "kube-system"];

/// The objects and the kinds. Verbs work on it one at a time.
#[derive(Debug)]
pub(super) struct World {
    pub store: Store,
    pub registry: Registry,
    /// Services made so far; each gets an address of its own.
    pub services: u32,
}

impl World {
    /// A world with the namespaces that every cluster has.
    pub fn new() -> Self {
        let mut world = Self { store: Store::new(), registry: Registry::new(), services: 0 };
        let time = now();
        for name in FIRST_NAMESPACES {
            let labels = json!({"kubernetes.io/metadata.name": name});
            let owned = json!({"f:metadata": {"f:labels": {".": {}, "f:kubernetes.io/metadata.name": {}}}});
            let namespace = json!({
                "apiVersion": "v1",
                "kind": "Namespace",
                "metadata": {"name": name, "uid": new_uid(), "creationTimestamp": time, "labels": labels,
                    "managedFields": [{"manager": "kube-apiserver", "operation": "Update", "apiVersion": "v1",
                        "time": time, "fieldsType": "FieldsV1", "fieldsV1": owned}]},
                "spec": {"finalizers": ["kubernetes"]},
                "status": {"phase": "Active"},
            });
            let kind = (String::new(), "namespaces".to_owned());
            world.store.put(&kind, (String::new(), name.to_owned()), namespace);
        }
        world
    }

    pub fn get(&self, kind: &Kind, namespace: &str, name: &str) -> Answer<Arc<Value>> {
        let found = self.store.get(&kind.id(), namespace, name);
        found.cloned().ok_or_else(|| Refusal::not_found(&kind.group, &kind.plural, name))
    }

    /// The namespace object, if there is one of this name.
    pub fn namespace(&self, name: &str) -> Option<&Arc<Value>> {
        self.store.get(&(String::new(), "namespaces".to_owned()), "", name)
    }
}

/// The time in the API's format, whole seconds in UTC.
pub(super) fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

pub(super) fn new_uid() -> String {
    uuid::Uuid::new_v4().to_string()
}
