//! Whose an object is, on a cluster that is not ours alone.

use super::{Cluster, ClusterError, ObjectKey, resource_of};
use kube::{
    Api,
    api::{DynamicObject, ListParams, PostParams},
    core::{ApiResource, GroupVersionKind},
};
use serde_json::{Value, json};

/// The label that carries the id of the sandbox that made an object. Names of sandboxes are not unique among the users of a
/// cluster; this id is.
pub const OWNER_LABEL: &str = "agw-sandbox.dev/owner";

/// Whether an object was made under this id.
pub fn is_owned_by(object: &Value, owner: &str) -> bool {
    object.pointer("/metadata/labels").and_then(|labels| labels.get(OWNER_LABEL)).and_then(Value::as_str) == Some(owner)
}

impl Cluster {
    /// The same cluster, where only what carries this id is changed, and all that is written carries it. `None` leaves it
    /// as it is: a cluster of our own.
    #[must_use]
    pub fn owned_by(mut self, owner: Option<String>) -> Self {
        self.owner = owner;
        self
    }

    /// The id that everything here carries; `None` on a cluster of our own.
    pub fn owner(&self) -> Option<&str> {
        self.owner.as_deref()
    }

    /// Creates an object; false where one of its name is there.
    pub async fn create(&self, object: &Value) -> Result<bool, ClusterError> {
        let key = ObjectKey::of(object);
        let unreadable =
            |error: serde_json::Error| ClusterError::Call { doing: format!("creating {key}"), why: error.to_string() };
        let object: DynamicObject = serde_json::from_value(self.marked(object)).map_err(unreadable)?;
        match self.api(&key)?.create(&PostParams::default(), &object).await {
            Ok(_) => Ok(true),
            Err(kube::Error::Api(status)) if status.code == 409 => Ok(false),
            Err(error) => Err(ClusterError::call("creating", &key, &error)),
        }
    }

    /// All objects of a kind that carry our id; none where the kind is not served.
    pub async fn list_owned(&self, api_version: &str, kind: &str, owner: &str) -> Result<Vec<ObjectKey>, ClusterError> {
        let (resource, _) = resource_of(api_version, kind)?;
        let api: Api<DynamicObject> = Api::all_with(self.client(), &resource);
        let selected = ListParams::default().labels(&format!("{OWNER_LABEL}={owner}"));
        let key = |object: &DynamicObject| ObjectKey {
            api_version: api_version.to_owned(),
            kind: kind.to_owned(),
            namespace: object.metadata.namespace.clone(),
            name: object.metadata.name.clone().unwrap_or_default(),
        };
        match api.list(&selected).await {
            Ok(list) => Ok(list.items.iter().map(key).collect()),
            Err(kube::Error::Api(status)) if status.code == 404 => Ok(Vec::new()),
            Err(error) => {
                let all =
                    ObjectKey { api_version: api_version.into(), kind: kind.into(), namespace: None, name: "*".into() };
                Err(ClusterError::call("listing", &all, &error))
            }
        }
    }

    /// Objects of a kind in one namespace that carry labels, `a=b,c=d`.
    pub async fn list_labelled(
        &self,
        api_version: &str,
        kind: &str,
        namespace: &str,
        labels: &str,
    ) -> Result<Vec<Value>, ClusterError> {
        let key = ObjectKey::namespaced(api_version, kind, namespace, "*");
        let list = self.api(&key)?.list(&ListParams::default().labels(labels)).await;
        let list = list.map_err(|error| ClusterError::call("listing", &key, &error))?;
        Ok(list.items.iter().filter_map(|object| serde_json::to_value(object).ok()).collect())
    }

    /// The EndpointSlices of a Service.
    pub async fn list_slices(&self, namespace: &str, service: &str) -> Result<Vec<Value>, ClusterError> {
        let labels = format!("kubernetes.io/service-name={service}");
        self.list_labelled("discovery.k8s.io/v1", "EndpointSlice", namespace, &labels).await
    }

    /// An object of the kind that a definition defines, wherever it is; `None`: there is none.
    pub async fn first_instance(&self, definition: &Value) -> Result<Option<String>, ClusterError> {
        let text = |pointer: &str| definition.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let versions = definition.pointer("/spec/versions").and_then(Value::as_array);
        let served = versions.into_iter().flatten().find(|version| version["served"] == true);
        let Some(version) = served.and_then(|version| version["name"].as_str()) else { return Ok(None) };
        let kind = GroupVersionKind::gvk(text("/spec/group"), version, text("/spec/names/kind"));
        let resource = ApiResource::from_gvk_with_plural(&kind, text("/spec/names/plural"));
        let api: Api<DynamicObject> = Api::all_with(self.client(), &resource);
        let described = |object: &DynamicObject| {
            let name = object.metadata.name.clone().unwrap_or_default();
            match &object.metadata.namespace {
                Some(namespace) => format!("{} {namespace}/{name}", kind.kind),
                None => format!("{} {name}", kind.kind),
            }
        };
        match api.list(&ListParams::default().limit(1)).await {
            Ok(list) => Ok(list.items.first().map(described)),
            Err(kube::Error::Api(status)) if status.code == 404 => Ok(None),
            Err(error) => Err(ClusterError::Call { doing: format!("listing {}", kind.kind), why: error.to_string() }),
        }
    }

    /// The object with our id on it, where there is one.
    pub(super) fn marked(&self, object: &Value) -> Value {
        let mut object = object.clone();
        if let Some(owner) = &self.owner {
            object["metadata"]["labels"][OWNER_LABEL] = json!(owner);
        }
        object
    }

    /// Refuses an object that is there and not ours. What lives in a namespace is as safe as the namespace, which is looked
    /// at in its turn.
    pub(super) fn check_owner(&self, key: &ObjectKey, live: Option<&Value>) -> Result<(), ClusterError> {
        let (Some(owner), Some(live)) = (&self.owner, live) else { return Ok(()) };
        if key.namespace.is_some() || is_owned_by(live, owner) {
            return Ok(());
        }
        Err(ClusterError::NotOurs { object: key.to_string(), what: describe(live) })
    }
}

/// What can be told of an object that is not ours: who installed it and, for Gateway API, which bundle it is of.
pub fn describe(object: &Value) -> String {
    let text = |pointer: &str, key: &str| {
        object.pointer(pointer).and_then(|all| all.get(key)).and_then(Value::as_str).map(str::to_owned)
    };
    let annotation = |key: &str| text("/metadata/annotations", key);
    let label = |key: &str| text("/metadata/labels", key);
    let mut parts = Vec::new();
    if let Some(version) = annotation("gateway.networking.k8s.io/bundle-version") {
        let channel = annotation("gateway.networking.k8s.io/channel").unwrap_or_else(|| "unknown".to_owned());
        parts.push(format!("Gateway API {version}, channel {channel}"));
    }
    match (annotation("meta.helm.sh/release-namespace"), annotation("meta.helm.sh/release-name")) {
        (Some(namespace), Some(name)) => parts.push(format!("installed by helm release {namespace}/{name}")),
        _ => parts.extend(label("app.kubernetes.io/managed-by").map(|by| format!("managed by {by}"))),
    }
    if let Some(owner) = label(OWNER_LABEL) {
        let name = label(super::SANDBOX_LABEL).unwrap_or_else(|| "unknown".to_owned());
        parts.push(format!("of another sandbox, {name} ({owner})"));
    }
    if let Some(made) = text("/metadata", "creationTimestamp") {
        parts.push(format!("there since {made}"));
    }
    if parts.is_empty() { "of unknown origin".to_owned() } else { parts.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_of_others_says_whose_it_is() {
        let crd = json!({"metadata": {
            "annotations": {
                "gateway.networking.k8s.io/bundle-version": "v1.4.0",
                "gateway.networking.k8s.io/channel": "experimental",
                "meta.helm.sh/release-name": "mesh",
                "meta.helm.sh/release-namespace": "infra",
            },
        }});
        assert_eq!(describe(&crd), "Gateway API v1.4.0, channel experimental, installed by helm release infra/mesh");
        assert_eq!(describe(&json!({})), "of unknown origin");
        assert!(!is_owned_by(&crd, "me"));
        assert!(is_owned_by(&json!({"metadata": {"labels": {OWNER_LABEL: "me"}}}), "me"));
    }
}
