//! All our objects in a cluster, without what may differ between two ways to the same state.

use agw_sandbox::cluster::{Cluster, SANDBOX_LABEL, Writes};
use serde_json::{Map, Value};
use std::{collections::BTreeMap, path::Path};

/// Kinds that the sandbox and its gateway write; pods and what Kubernetes derives from these come and go.
const KINDS: &[(&str, &str)] = &[
    ("v1", "Namespace"),
    ("v1", "ConfigMap"),
    ("v1", "Secret"),
    ("v1", "Service"),
    ("v1", "ServiceAccount"),
    ("apps/v1", "Deployment"),
    ("rbac.authorization.k8s.io/v1", "ClusterRole"),
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"),
    ("rbac.authorization.k8s.io/v1", "Role"),
    ("rbac.authorization.k8s.io/v1", "RoleBinding"),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
    ("gateway.networking.k8s.io/v1", "GatewayClass"),
    ("gateway.networking.k8s.io/v1", "Gateway"),
    ("gateway.networking.k8s.io/v1", "HTTPRoute"),
    ("agentgateway.dev/v1alpha1", "AgentgatewayBackend"),
    ("agentgateway.dev/v1alpha1", "AgentgatewayPolicy"),
    ("agentgateway.dev/v1alpha1", "AgentgatewayParameters"),
];

/// Namespaces whose every object is ours.
const NAMESPACES: &[&str] = &["agw-sandbox", "agw-mocks", "agentgateway-system"];

/// What may differ, and nothing else: the last part of a field's path, at any depth.
const MAY_DIFFER: &[&str] = &[
    // Names of the moment.
    "uid",
    "resourceVersion",
    "generation",
    "observedGeneration",
    "creationTimestamp",
    "lastTransitionTime",
    "lastUpdateTime",
    "managedFields",
    "deployment.kubernetes.io/revision",
    // Drawn by Kubernetes out of a range.
    "clusterIP",
    "clusterIPs",
    "nodePort",
    "addresses",
    // Drawn by the gateway: the key of its sessions.
    "checksum/session-key",
    "key",
    // Drawn by us: the id of the sandbox, the token of the mocks' admin API.
    "id",
    "created",
    "token",
    // The last of several rollouts, by name.
    "message",
    // Counts rise with each look.
    "replicas",
    "updatedReplicas",
    "terminatingReplicas",
    "collisionCount",
];

/// Objects with something drawn in them, with which their fingerprint differs: the sandbox's id, the mocks' token.
const DRAWN: &[&str] = &["ConfigMap agw-sandbox/identity", "Secret agw-mocks/agw-mocks-admin"];

/// Every object of ours by kind, namespace and name.
pub async fn dump(kubeconfig: &Path) -> BTreeMap<String, Value> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cluster = Cluster::from_kubeconfig(kubeconfig, Writes::default()).await.unwrap();
    let mut all = BTreeMap::new();
    for (api_version, kind) in KINDS {
        // The embedded API does not know all of them.
        for mut object in cluster.list(api_version, kind).await.unwrap_or_default() {
            // Helm counts its revisions, and keeps each in a Secret.
            if !is_ours(&object) || object["type"] == "helm.sh/release.v1" {
                continue;
            }
            let namespace = object["metadata"]["namespace"].as_str().unwrap_or_default();
            let name = format!("{kind} {namespace}/{}", object["metadata"]["name"].as_str().unwrap());
            strip(&mut object);
            if DRAWN.contains(&name.as_str()) {
                object["metadata"]["annotations"] = Value::Null;
            }
            all.insert(name, object);
        }
    }
    assert!(all.len() > 15, "{:?}", all.keys());
    all
}

fn is_ours(object: &Value) -> bool {
    let metadata = &object["metadata"];
    let given = ["kube-root-ca.crt", "default"].iter().any(|name| metadata["name"] == *name);
    let within = metadata["namespace"].as_str().is_some_and(|name| NAMESPACES.contains(&name));
    (metadata["labels"][SANDBOX_LABEL].is_string() || within) && !given
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !MAY_DIFFER.contains(&name.as_str()));
            fields.values_mut().for_each(strip);
            sort_conditions(fields);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

/// Conditions are a set; their order is that of their first appearance.
fn sort_conditions(fields: &mut Map<String, Value>) {
    if let Some(conditions) = fields.get_mut("conditions").and_then(Value::as_array_mut) {
        conditions.sort_by_key(|condition| condition["type"].as_str().unwrap_or_default().to_owned());
    }
}

/// Says where two dumps differ.
#[track_caller]
pub fn same(expected: &BTreeMap<String, Value>, found: &BTreeMap<String, Value>, after: &str) {
    let names = |one: &BTreeMap<String, Value>| one.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(expected), names(found), "after {after}");
    for (name, wanted) in expected {
        assert_eq!(wanted, &found[name], "{name} after {after}");
    }
}
