//! Bringing objects to what is wanted: look first, write only a difference.

use super::{Cluster, ClusterError, ObjectKey, patience::patiently, resource_of};
use kube::{
    Api,
    api::{DeleteParams, DynamicObject, ListParams, Patch, PatchParams, PostParams},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The field manager of everything that agw-sandbox applies.
pub const FIELD_MANAGER: &str = "agw-sandbox";
/// The annotation that holds the fingerprint of what was applied.
pub const FINGERPRINT: &str = "agw-sandbox.dev/fingerprint";
/// The label that says which sandbox an object belongs to.
pub const SANDBOX_LABEL: &str = "agw-sandbox.dev/sandbox";

/// The fingerprint of a value: the first 16 hex digits of the SHA-256 of its JSON.
pub fn fingerprint_of(value: &Value) -> String {
    let mut digest = hex::encode(Sha256::digest(value.to_string()));
    digest.truncate(16);
    digest
}

/// Whether a live object is not what is wanted: something wanted is missing or has another value, or it was last applied
/// from something else (which finds fields that are no longer wanted).
pub fn differs(wanted: &Value, live: &Value) -> bool {
    let applied = live.pointer("/metadata/annotations").and_then(|all| all.get(FINGERPRINT)).and_then(Value::as_str);
    applied != Some(fingerprint_of(wanted).as_str()) || !contains(live, wanted)
}

fn contains(live: &Value, wanted: &Value) -> bool {
    match (live, wanted) {
        (Value::Object(live), Value::Object(wanted)) => wanted
            .iter()
            // The API server moves stringData to data; the fingerprint tells whether it changed.
            .filter(|(key, _)| *key != "stringData")
            .all(|(key, wanted)| live.get(key).is_some_and(|live| contains(live, wanted))),
        (Value::Array(live), Value::Array(wanted)) => {
            live.len() >= wanted.len() && wanted.iter().zip(live).all(|(wanted, live)| contains(live, wanted))
        }
        (live, wanted) => live == wanted,
    }
}

impl Cluster {
    /// Reads an object; `None` where there is none.
    pub async fn get(&self, key: &ObjectKey) -> Result<Option<Value>, ClusterError> {
        let api = self.api(key)?;
        let found = patiently(self.patience(), || api.get_opt(&key.name)).await;
        Ok(found.map_err(|error| ClusterError::call("reading", key, &error))?.map(|object| to_value(key, &object)))
    }

    /// Reads an object once, for those who look again themselves.
    pub(super) async fn look(&self, key: &ObjectKey) -> Result<Option<Value>, ClusterError> {
        let found =
            self.api(key)?.get_opt(&key.name).await.map_err(|error| ClusterError::call("reading", key, &error))?;
        Ok(found.map(|object| to_value(key, &object)))
    }

    /// Applies an object server-side with strict validation if it differs. Returns whether it was written. CLUSTER-06: it is
    /// there, and not ours.
    pub async fn bring(&self, wanted: &Value) -> Result<bool, ClusterError> {
        let key = ObjectKey::of(wanted);
        let wanted = &self.marked(wanted);
        let live = self.get(&key).await?;
        self.check_owner(&key, live.as_ref())?;
        if live.as_ref().is_some_and(|live| !differs(wanted, live)) {
            return Ok(false);
        }
        let mut marked = wanted.clone();
        marked["metadata"]["annotations"][FINGERPRINT] = json!(fingerprint_of(wanted));
        let parameters = PatchParams::apply(FIELD_MANAGER).force().validation_strict();
        let api = self.api(&key)?;
        let patch = Patch::Apply(&marked);
        let apply = || api.patch(&key.name, &parameters, &patch);
        let patched = patiently(self.patience(), apply).await;
        match (patched, live) {
            (Ok(_), _) => Ok(true),
            // Server-side apply makes null of a map that loses its last field and is still wanted empty (`openai: {}`), which
            // the schema then refuses. Replacing the whole object does not.
            (Err(kube::Error::Api(status)), Some(live)) if status.code == 422 => {
                self.replace(&key, marked, &live).await?;
                Ok(true)
            }
            (Err(error), _) => Err(ClusterError::call("applying", &key, &error)),
        }
    }

    async fn replace(&self, key: &ObjectKey, mut wanted: Value, live: &Value) -> Result<(), ClusterError> {
        wanted["metadata"]["resourceVersion"] = live["metadata"]["resourceVersion"].clone();
        let unreadable =
            |error: serde_json::Error| ClusterError::Call { doing: format!("replacing {key}"), why: error.to_string() };
        let object: DynamicObject = serde_json::from_value(wanted).map_err(unreadable)?;
        let parameters = PostParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..PostParams::default() };
        let replaced = self.api(key)?.replace(&key.name, &parameters, &object).await;
        replaced.map(drop).map_err(|error| ClusterError::call("replacing", key, &error))
    }

    /// Deletes an object; that it is not there is fine. Returns whether it was there.
    pub async fn delete(&self, key: &ObjectKey) -> Result<bool, ClusterError> {
        let api = self.api(key)?;
        let background = DeleteParams::background();
        match patiently(self.patience(), || api.delete(&key.name, &background)).await {
            Ok(_) => Ok(true),
            Err(kube::Error::Api(status)) if status.code == 404 => Ok(false),
            Err(error) => Err(ClusterError::call("deleting", key, &error)),
        }
    }

    /// All objects of a kind, in all namespaces.
    pub async fn list(&self, api_version: &str, kind: &str) -> Result<Vec<Value>, ClusterError> {
        self.list_if_served(api_version, kind).await?.ok_or_else(|| ClusterError::Call {
            doing: format!("listing {kind} *"),
            why: format!("{api_version} is not served"),
        })
    }

    /// All objects of a kind, in all namespaces; `None` where the cluster does not know the kind.
    pub async fn list_if_served(&self, api_version: &str, kind: &str) -> Result<Option<Vec<Value>>, ClusterError> {
        let (resource, _) = resource_of(api_version, kind)?;
        let key = ObjectKey { api_version: api_version.into(), kind: kind.into(), namespace: None, name: "*".into() };
        let api: Api<DynamicObject> = Api::all_with(self.client(), &resource);
        let all = ListParams::default();
        match patiently(self.patience(), || api.list(&all)).await {
            Ok(list) => Ok(Some(list.items.iter().map(|object| to_value(&key, object)).collect())),
            Err(kube::Error::Api(status)) if status.code == 404 => Ok(None),
            Err(error) => Err(ClusterError::call("listing", &key, &error)),
        }
    }

    pub(super) fn api(&self, key: &ObjectKey) -> Result<Api<DynamicObject>, ClusterError> {
        let (resource, namespaced) = resource_of(&key.api_version, &key.kind)?;
        Ok(match (&key.namespace, namespaced) {
            (Some(namespace), true) => Api::namespaced_with(self.client(), namespace, &resource),
            (None, true) => Api::default_namespaced_with(self.client(), &resource),
            (_, false) => Api::all_with(self.client(), &resource),
        })
    }
}

/// Items of a list carry no kind; it is put back.
pub(super) fn to_value(key: &ObjectKey, object: &DynamicObject) -> Value {
    let mut value = serde_json::to_value(object).unwrap_or_default();
    value["apiVersion"] = json!(key.api_version);
    value["kind"] = json!(key.kind);
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(wanted: &Value) -> Value {
        let mut live = wanted.clone();
        live["metadata"]["annotations"][FINGERPRINT] = json!(fingerprint_of(wanted));
        live["metadata"]["uid"] = json!("1");
        live["spec"]["defaulted"] = json!(true);
        live
    }

    #[test]
    fn what_the_server_adds_is_no_difference() {
        let wanted = json!({"metadata": {"name": "a"}, "spec": {"list": [{"x": 1}]}});
        assert!(!differs(&wanted, &applied(&wanted)));
    }

    #[test]
    fn a_changed_value_and_a_field_no_longer_wanted_are_differences() {
        let wanted = json!({"metadata": {"name": "a"}, "spec": {"x": 1, "y": 2}});
        let mut edited = applied(&wanted);
        edited["spec"]["x"] = json!(3);
        assert!(differs(&wanted, &edited));
        let less = json!({"metadata": {"name": "a"}, "spec": {"x": 1}});
        assert!(differs(&less, &applied(&wanted)));
    }
}
