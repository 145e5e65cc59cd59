//! What the cluster holds at one moment.

use super::{
    AgentgatewayBackend, AgentgatewayModel, AgentgatewayPolicy, EndpointSlice, Gateway, GatewayClass, HttpRoute,
    KeySetSource, Kind, Namespace, ObjectKey, ReferenceGrant, Secret, Service,
};
use crate::gateway::table::ObjectName;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;

/// Objects of one kind by name.
pub type Store<T> = BTreeMap<ObjectName, T>;

/// Everything that the controller has seen: each object as it stands, and those it understands as plain data.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// GatewayClasses; their namespace is empty.
    pub classes: Store<GatewayClass>,
    /// Gateways.
    pub gateways: Store<Gateway>,
    /// HTTPRoutes.
    pub routes: Store<HttpRoute>,
    /// ReferenceGrants.
    pub grants: Store<ReferenceGrant>,
    /// AgentgatewayBackends.
    pub backends: Store<AgentgatewayBackend>,
    /// AgentgatewayPolicies.
    pub policies: Store<AgentgatewayPolicy>,
    /// AgentgatewayModels.
    pub models: Store<AgentgatewayModel>,
    /// Secrets.
    pub secrets: Store<Secret>,
    /// Services.
    pub services: Store<Service>,
    /// EndpointSlices.
    pub slices: Store<EndpointSlice>,
    /// Namespaces; their own namespace is empty.
    pub namespaces: Store<Namespace>,
    /// Sets of keys that Services have told, as they were told.
    pub key_sets: BTreeMap<KeySetSource, String>,
    live: BTreeMap<ObjectKey, Value>,
}

/// The object cannot be understood.
#[derive(Debug, thiserror::Error)]
#[error("{key} is not what its kind promises: {source}")]
pub struct NotUnderstood {
    key: ObjectKey,
    source: serde_json::Error,
}

impl Snapshot {
    /// The object as it stands.
    pub fn live(&self, key: &ObjectKey) -> Option<&Value> {
        self.live.get(key)
    }

    /// Names of all objects of a kind.
    pub fn names(&self, kind: Kind) -> Vec<ObjectKey> {
        self.live.keys().filter(|key| key.kind == kind).cloned().collect()
    }

    /// Takes an object in, unless the one that is there is newer.
    ///
    /// # Errors
    /// The object is not of the shape of its kind; it then counts as not there.
    pub fn insert(&mut self, kind: Kind, object: Value) -> Result<(), NotUnderstood> {
        let field = |name: &str| object["metadata"][name].as_str().unwrap_or_default().to_owned();
        let key = ObjectKey { kind, name: ObjectName { namespace: field("namespace"), name: field("name") } };
        if self.live.get(&key).is_some_and(|known| is_older(&object, known)) {
            return Ok(());
        }
        let taken = self.take_in(&key, &object);
        self.live.insert(key.clone(), object);
        taken.map_err(|source| NotUnderstood { key, source })
    }

    fn take_in(&mut self, key: &ObjectKey, object: &Value) -> Result<(), serde_json::Error> {
        match key.kind {
            Kind::GatewayClass => put(&mut self.classes, key, object),
            Kind::Gateway => put(&mut self.gateways, key, object),
            Kind::HttpRoute => put(&mut self.routes, key, object),
            Kind::ReferenceGrant => put(&mut self.grants, key, object),
            Kind::Backend => put(&mut self.backends, key, object),
            Kind::Policy => put(&mut self.policies, key, object),
            Kind::Model => put(&mut self.models, key, object),
            Kind::Secret => put(&mut self.secrets, key, object),
            Kind::Service => put(&mut self.services, key, object),
            Kind::EndpointSlice => put(&mut self.slices, key, object),
            Kind::Namespace => put(&mut self.namespaces, key, object),
            Kind::Parameters | Kind::Deployment | Kind::ConfigMap | Kind::ServiceAccount | Kind::ClusterRoleBinding => {
                Ok(())
            }
        }
    }

    /// Forgets an object.
    pub fn remove(&mut self, key: &ObjectKey) {
        self.live.remove(key);
        match key.kind {
            Kind::GatewayClass => drop(self.classes.remove(&key.name)),
            Kind::Gateway => drop(self.gateways.remove(&key.name)),
            Kind::HttpRoute => drop(self.routes.remove(&key.name)),
            Kind::ReferenceGrant => drop(self.grants.remove(&key.name)),
            Kind::Backend => drop(self.backends.remove(&key.name)),
            Kind::Policy => drop(self.policies.remove(&key.name)),
            Kind::Model => drop(self.models.remove(&key.name)),
            Kind::Secret => drop(self.secrets.remove(&key.name)),
            Kind::Service => drop(self.services.remove(&key.name)),
            Kind::EndpointSlice => drop(self.slices.remove(&key.name)),
            Kind::Namespace => drop(self.namespaces.remove(&key.name)),
            Kind::Parameters | Kind::Deployment | Kind::ConfigMap | Kind::ServiceAccount | Kind::ClusterRoleBinding => {
            }
        }
    }
}

fn put<T: DeserializeOwned>(store: &mut Store<T>, key: &ObjectKey, object: &Value) -> Result<(), serde_json::Error> {
    store.remove(&key.name);
    store.insert(key.name.clone(), T::deserialize(object)?);
    Ok(())
}

/// Whether one state of an object came before another. Resource versions of the API are growing numbers; an answer to a
/// write may overtake the watch.
fn is_older(object: &Value, known: &Value) -> bool {
    let version = |object: &Value| object["metadata"]["resourceVersion"].as_str()?.parse::<u64>().ok();
    let same = object["metadata"]["uid"] == known["metadata"]["uid"];
    same && matches!((version(object), version(known)), (Some(new), Some(old)) if new < old)
}
