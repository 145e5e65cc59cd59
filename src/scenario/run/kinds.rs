//! The kinds that scenarios use, known without asking the cluster.

use kube::api::ApiResource;

/// Group, version, kind, plural, and whether it lives in a namespace.
type Row = (&'static str, &'static str, &'static str, &'static str, bool);

const KINDS: &[Row] = &[
    ("", "v1", "Namespace", "namespaces", false),
    ("", "v1", "Secret", "secrets", true),
    ("", "v1", "ConfigMap", "configmaps", true),
    ("", "v1", "Service", "services", true),
    ("", "v1", "Pod", "pods", true),
    ("", "v1", "Event", "events", true),
    ("", "v1", "ServiceAccount", "serviceaccounts", true),
    ("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", false),
    ("apps", "v1", "Deployment", "deployments", true),
    ("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", true),
    ("gateway.networking.k8s.io", "v1", "GatewayClass", "gatewayclasses", false),
    ("gateway.networking.k8s.io", "v1", "Gateway", "gateways", true),
    ("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes", true),
    ("gateway.networking.k8s.io", "v1", "GRPCRoute", "grpcroutes", true),
    ("gateway.networking.k8s.io", "v1beta1", "ReferenceGrant", "referencegrants", true),
    ("agentgateway.dev", "v1alpha1", "AgentgatewayParameters", "agentgatewayparameters", true),
    ("agentgateway.dev", "v1alpha1", "AgentgatewayBackend", "agentgatewaybackends", true),
    ("agentgateway.dev", "v1alpha1", "AgentgatewayPolicy", "agentgatewaypolicies", true),
    ("agentgateway.dev", "v1alpha1", "AgentgatewayModel", "agentgatewaymodels", true),
    ("gateway.kgateway.dev", "v1alpha1", "GatewayParameters", "gatewayparameters", true),
    ("gateway.kgateway.dev", "v1alpha1", "Backend", "backends", true),
    ("gateway.kgateway.dev", "v1alpha1", "TrafficPolicy", "trafficpolicies", true),
];

/// How the cluster calls a kind.
#[derive(Debug, Clone)]
pub(super) struct Kind {
    /// Its place in the API.
    pub resource: ApiResource,
    /// Whether its objects live in a namespace.
    pub namespaced: bool,
}

/// The kind of that name; `None`: it is none of those that scenarios use.
pub(super) fn kind(name: &str) -> Option<Kind> {
    let (group, version, kind, plural, namespaced) = KINDS.iter().copied().find(|row| row.2 == name)?;
    let api_version = if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") };
    let resource = ApiResource {
        group: group.to_owned(),
        version: version.to_owned(),
        api_version,
        kind: kind.to_owned(),
        plural: plural.to_owned(),
    };
    Some(Kind { resource, namespaced })
}

/// When objects of a kind are applied: what is referred to comes before what refers to it.
pub(super) fn rank(name: &str) -> usize {
    match name {
        "Namespace" => 0,
        "Gateway" | "AgentgatewayBackend" | "Backend" => 2,
        "HTTPRoute" | "AgentgatewayModel" => 3,
        "AgentgatewayPolicy" | "TrafficPolicy" => 4,
        _ => 1,
    }
}
