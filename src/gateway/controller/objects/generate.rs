//! All objects of a Gateway together, their names, labels and owner.

use super::{config, deployment, parameters, service};
use crate::gateway::controller::{
    reconcile::{Desired, Settings},
    resource::{Gateway, Kind, ObjectKey, Snapshot},
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The label that names the class.
const CLASS_LABEL: &str = "gateway.networking.k8s.io/gateway-class-name";

/// The label that names the Gateway.
const GATEWAY_LABEL: &str = "gateway.networking.k8s.io/gateway-name";

/// A Gateway whose objects are being made.
#[derive(Debug)]
pub(super) struct Making<'a> {
    /// The Gateway.
    pub(super) gateway: &'a Gateway,
    /// Its parameters, merged.
    pub(super) parameters: Value,
    release: &'a str,
}

impl Making<'_> {
    /// Labels by which pods are found.
    pub(super) fn selector(&self) -> BTreeMap<String, String> {
        let name = &self.gateway.metadata.name;
        ["app.kubernetes.io/instance", "app.kubernetes.io/name", GATEWAY_LABEL]
            .into_iter()
            .map(|label| (label.to_owned(), name.clone()))
            .collect()
    }

    /// Labels of pods: the selector, the class, and what the Gateway asks for.
    pub(super) fn pod_labels(&self) -> BTreeMap<String, String> {
        let mut labels = self.gateway.spec.infrastructure.labels.clone();
        labels.extend(self.selector());
        labels.insert(CLASS_LABEL.to_owned(), self.gateway.spec.gateway_class_name.clone());
        labels
    }

    /// Metadata of a generated object whose name is that of the Gateway and a suffix.
    pub(super) fn metadata(&self, suffix: &str) -> Value {
        let mut labels = self.pod_labels();
        labels.insert("app.kubernetes.io/managed-by".to_owned(), "agentgateway".to_owned());
        labels.insert("app.kubernetes.io/version".to_owned(), format!("v{}", self.release));
        let mut metadata = self.named(suffix, &labels);
        let annotations = &self.gateway.spec.infrastructure.annotations;
        if !annotations.is_empty() {
            metadata["annotations"] = json!(annotations);
        }
        metadata
    }

    /// Metadata of the session key, which has two labels only.
    pub(super) fn session_metadata(&self) -> Value {
        let mut labels = self.pod_labels();
        labels.retain(|label, _| label == CLASS_LABEL || label == GATEWAY_LABEL);
        self.named("-session-key", &labels)
    }

    fn named(&self, suffix: &str, labels: &BTreeMap<String, String>) -> Value {
        let owner = &self.gateway.metadata;
        json!({
            "name": format!("{}{suffix}", owner.name),
            "namespace": owner.namespace,
            "labels": labels,
            "ownerReferences": [{
                "apiVersion": Kind::Gateway.api_version(),
                "kind": Kind::Gateway.name(),
                "name": owner.name,
                "uid": owner.uid,
                "controller": true,
            }],
        })
    }
}

/// Adds the objects of a Gateway to what should be. `served` are the ports that the proxy serves.
pub(crate) fn for_gateway(
    desired: &mut Desired,
    gateway: &Gateway,
    served: &BTreeSet<u16>,
    snapshot: &Snapshot,
    settings: &Settings,
) {
    let Ok(parameters) = parameters::of(gateway, snapshot) else { return };
    if is_ending(snapshot, &gateway.metadata.namespace) {
        return;
    }
    let making = Making { gateway, parameters, release: &settings.release };
    let config = config::config(&making);
    let authority = config::authority(&making);
    let session = config::session_key(&making, snapshot, settings);
    let checked = [("config", &config), ("session-key", &session), ("xds-ca", &authority)];
    let deployment = deployment::manifest(&making, settings, checked);
    let service = service::manifest(&making, settings);
    if settings.in_process_proxy {
        report_on_proxy(desired, &deployment, &service, served, snapshot, settings);
    }
    if settings.proxy_image.is_some() {
        let permission = config::permission(&making);
        desired.objects.insert(key_of(Kind::ClusterRoleBinding, &permission), permission);
    }
    let account = config::service_account(&making);
    for (kind, object) in [
        (Kind::ServiceAccount, account),
        (Kind::ConfigMap, config),
        (Kind::ConfigMap, authority),
        (Kind::Secret, session),
        (Kind::Service, service),
        (Kind::Deployment, deployment),
    ] {
        desired.objects.insert(key_of(kind, &object), object);
    }
}

fn key_of(kind: Kind, object: &Value) -> ObjectKey {
    let field = |name: &str| object["metadata"][name].as_str().unwrap_or_default();
    ObjectKey::new(kind, field("namespace"), field("name"))
}

/// Without a kubelet and a balancer the controller says itself what they would say of the proxy.
fn report_on_proxy(
    desired: &mut Desired,
    deployment: &Value,
    service: &Value,
    served: &BTreeSet<u16>,
    snapshot: &Snapshot,
    settings: &Settings,
) {
    let key = key_of(Kind::Deployment, deployment);
    let live = snapshot.live(&key).unwrap_or(&Value::Null);
    let Some(status) = deployment::status(live, deployment, served, &settings.bound) else { return };
    let serving = served.iter().all(|port| matches!(settings.bound.get(port), Some(Ok(_))));
    desired.statuses.insert(key, status);
    if let Some(status) = service::status(service, settings).filter(|_| serving) {
        desired.statuses.insert(key_of(Kind::Service, service), status);
    }
}

/// Whether a namespace is being deleted, so that nothing can be made in it.
fn is_ending(snapshot: &Snapshot, namespace: &str) -> bool {
    let mut spaces = snapshot.namespaces.values();
    spaces.any(|space| space.metadata.name == namespace && space.metadata.deletion_timestamp.is_some())
}

/// Objects whose Gateway is gone: a garbage collector would remove them, where there is one.
pub(crate) fn orphans(snapshot: &Snapshot) -> BTreeSet<ObjectKey> {
    let gateways: BTreeSet<_> = snapshot.gateways.values().map(|gateway| gateway.metadata.uid.as_str()).collect();
    let kinds = Kind::OWNED.into_iter().chain([Kind::ClusterRoleBinding]).flat_map(|kind| snapshot.names(kind));
    kinds.filter(|key| snapshot.live(key).is_some_and(|object| is_orphan(object, &gateways))).collect()
}

fn is_orphan(object: &Value, gateways: &BTreeSet<&str>) -> bool {
    let labelled = object["metadata"]["labels"][GATEWAY_LABEL].is_string();
    let leaving = object["metadata"]["deletionTimestamp"].is_string();
    let owners = object["metadata"]["ownerReferences"].as_array();
    let mut owners = owners.into_iter().flatten();
    let owner = owners.find(|owner| owner["controller"] == true && owner["kind"] == Kind::Gateway.name());
    let owner = owner.and_then(|owner| owner["uid"].as_str());
    let owner = owner.or_else(|| object["metadata"]["labels"][config::GATEWAY_UID].as_str());
    let gone = owner.is_some_and(|uid| !gateways.contains(uid));
    labelled && gone && !leaving
}
