//! Kinds of objects, and what an object is called.

use super::ClusterError;
use kube::core::{ApiResource, GroupVersionKind};
use serde::Serialize;
use serde_json::Value;

/// Kinds that agw-sandbox writes or looks at: group, kind, plural and whether they live in a namespace. Knowing them spares discovery.
const KINDS: &[(&str, &str, &str, bool)] = &[
    ("", "Namespace", "namespaces", false),
    ("", "ConfigMap", "configmaps", true),
    ("", "Secret", "secrets", true),
    ("", "Service", "services", true),
    ("", "Pod", "pods", true),
    ("", "Node", "nodes", false),
    ("", "Pod", "pods", true),
    ("", "Event", "events", true),
    ("", "ServiceAccount", "serviceaccounts", true),
    ("apps", "Deployment", "deployments", true),
    ("apps", "ReplicaSet", "replicasets", true),
    ("batch", "Job", "jobs", true),
    ("rbac.authorization.k8s.io", "ClusterRole", "clusterroles", false),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding", "clusterrolebindings", false),
    ("rbac.authorization.k8s.io", "Role", "roles", true),
    ("rbac.authorization.k8s.io", "RoleBinding", "rolebindings", true),
    ("coordination.k8s.io", "Lease", "leases", true),
    ("discovery.k8s.io", "EndpointSlice", "endpointslices", true),
    ("apiextensions.k8s.io", "CustomResourceDefinition", "customresourcedefinitions", false),
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy", "validatingadmissionpolicies", false),
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings", false),
    ("gateway.networking.k8s.io", "GatewayClass", "gatewayclasses", false),
    ("gateway.networking.k8s.io", "Gateway", "gateways", true),
    ("gateway.networking.k8s.io", "HTTPRoute", "httproutes", true),
    ("gateway.networking.k8s.io", "ReferenceGrant", "referencegrants", true),
    ("agentgateway.dev", "AgentgatewayBackend", "agentgatewaybackends", true),
    ("agentgateway.dev", "AgentgatewayPolicy", "agentgatewaypolicies", true),
    ("agentgateway.dev", "AgentgatewayModel", "agentgatewaymodels", true),
    ("agentgateway.dev", "AgentgatewayParameters", "agentgatewayparameters", true),
    ("gateway.kgateway.dev", "Backend", "backends", true),
    ("gateway.kgateway.dev", "TrafficPolicy", "trafficpolicies", true),
    ("gateway.kgateway.dev", "GatewayParameters", "gatewayparameters", true),
];

/// Resource and scope of a kind: `true` where it lives in a namespace.
pub fn resource_of(api_version: &str, kind: &str) -> Result<(ApiResource, bool), ClusterError> {
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    let (_, _, plural, namespaced) = KINDS
        .iter()
        .find(|(known_group, known, ..)| *known_group == group && *known == kind)
        .ok_or_else(|| ClusterError::UnknownKind { api_version: api_version.to_owned(), kind: kind.to_owned() })?;
    Ok((ApiResource::from_gvk_with_plural(&GroupVersionKind::gvk(group, version, kind), plural), *namespaced))
}

/// What an object is called.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectKey {
    /// `apiVersion`.
    pub api_version: String,
    /// `kind`.
    pub kind: String,
    /// Namespace, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Name.
    pub name: String,
}

impl ObjectKey {
    /// The key of an object.
    pub fn of(object: &Value) -> Self {
        let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        Self {
            api_version: text("/apiVersion").unwrap_or_default(),
            kind: text("/kind").unwrap_or_default(),
            namespace: text("/metadata/namespace"),
            name: text("/metadata/name").unwrap_or_default(),
        }
    }

    /// The key of an object in a namespace.
    pub fn namespaced(api_version: &str, kind: &str, namespace: &str, name: &str) -> Self {
        Self {
            api_version: api_version.to_owned(),
            kind: kind.to_owned(),
            namespace: Some(namespace.to_owned()),
            name: name.to_owned(),
        }
    }
}

impl std::fmt::Display for ObjectKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(formatter, "{} {namespace}/{}", self.kind, self.name),
            None => write!(formatter, "{} {}", self.kind, self.name),
        }
    }
}
