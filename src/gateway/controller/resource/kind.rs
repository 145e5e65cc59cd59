//! Which kinds are watched or written.

use crate::gateway::table::ObjectName;
use kube::core::{ApiResource, GroupVersionKind};

/// A kind that the controller reads or writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// `gateway.networking.k8s.io/v1` GatewayClass.
    GatewayClass,
    /// `gateway.networking.k8s.io/v1` Gateway.
    Gateway,
    /// `gateway.networking.k8s.io/v1` HTTPRoute.
    HttpRoute,
    /// `gateway.networking.k8s.io/v1beta1` ReferenceGrant: the version that every bundle serves.
    ReferenceGrant,
    /// `agentgateway.dev/v1alpha1` AgentgatewayBackend.
    Backend,
    /// `agentgateway.dev/v1alpha1` AgentgatewayPolicy.
    Policy,
    /// `agentgateway.dev/v1alpha1` AgentgatewayParameters.
    Parameters,
    /// `agentgateway.dev/v1alpha1` AgentgatewayModel.
    Model,
    /// `v1` Secret.
    Secret,
    /// `v1` Service.
    Service,
    /// `discovery.k8s.io/v1` EndpointSlice.
    EndpointSlice,
    /// `v1` Namespace.
    Namespace,
    /// `apps/v1` Deployment.
    Deployment,
    /// `v1` ConfigMap.
    ConfigMap,
    /// `v1` ServiceAccount.
    ServiceAccount,
    /// `rbac.authorization.k8s.io/v1` ClusterRoleBinding: lets proxies in pods of their own read the cluster.
    ClusterRoleBinding,
}

impl Kind {
    /// All that every controller watches.
    pub const ALL: [Self; 15] = [
        Self::GatewayClass,
        Self::Gateway,
        Self::HttpRoute,
        Self::ReferenceGrant,
        Self::Backend,
        Self::Policy,
        Self::Parameters,
        Self::Model,
        Self::Secret,
        Self::Service,
        Self::EndpointSlice,
        Self::Namespace,
        Self::Deployment,
        Self::ConfigMap,
        Self::ServiceAccount,
    ];

    /// Kinds that are made for each Gateway.
    pub const OWNED: [Self; 5] = [Self::ServiceAccount, Self::ConfigMap, Self::Secret, Self::Service, Self::Deployment];

    /// Group, version, kind and plural.
    fn names(self) -> (&'static str, &'static str, &'static str, &'static str) {
        const GATEWAY_API: &str = "gateway.networking.k8s.io";
        const AGENTGATEWAY: &str = "agentgateway.dev";
        match self {
            Self::GatewayClass => (GATEWAY_API, "v1", "GatewayClass", "gatewayclasses"),
            Self::Gateway => (GATEWAY_API, "v1", "Gateway", "gateways"),
            Self::HttpRoute => (GATEWAY_API, "v1", "HTTPRoute", "httproutes"),
            Self::ReferenceGrant => (GATEWAY_API, "v1beta1", "ReferenceGrant", "referencegrants"),
            Self::Backend => (AGENTGATEWAY, "v1alpha1", "AgentgatewayBackend", "agentgatewaybackends"),
            Self::Policy => (AGENTGATEWAY, "v1alpha1", "AgentgatewayPolicy", "agentgatewaypolicies"),
            Self::Parameters => (AGENTGATEWAY, "v1alpha1", "AgentgatewayParameters", "agentgatewayparameters"),
            Self::Model => (AGENTGATEWAY, "v1alpha1", "AgentgatewayModel", "agentgatewaymodels"),
            Self::Secret => ("", "v1", "Secret", "secrets"),
            Self::Service => ("", "v1", "Service", "services"),
            Self::EndpointSlice => ("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices"),
            Self::Namespace => ("", "v1", "Namespace", "namespaces"),
            Self::Deployment => ("apps", "v1", "Deployment", "deployments"),
            Self::ConfigMap => ("", "v1", "ConfigMap", "configmaps"),
            Self::ServiceAccount => ("", "v1", "ServiceAccount", "serviceaccounts"),
            Self::ClusterRoleBinding => {
                ("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings")
            }
        }
    }

    /// The kind's name in manifests.
    pub fn name(self) -> &'static str {
        self.names().2
    }

    /// The kind's API group; empty for core.
    pub fn group(self) -> &'static str {
        self.names().0
    }

    /// `group/version`, or `v1`.
    pub fn api_version(self) -> String {
        self.resource().api_version
    }

    /// What `kube` needs to know to call the API.
    pub fn resource(self) -> ApiResource {
        let (group, version, kind, plural) = self.names();
        ApiResource::from_gvk_with_plural(&GroupVersionKind::gvk(group, version, kind), plural)
    }

    /// Whether objects have a namespace.
    pub fn is_namespaced(self) -> bool {
        !matches!(self, Self::GatewayClass | Self::Namespace | Self::ClusterRoleBinding)
    }

    /// Whether the controller works without the kind: its definition is not in every installation.
    pub fn is_optional(self) -> bool {
        matches!(self, Self::ReferenceGrant | Self::Parameters | Self::Model)
    }

    /// The kind of a manifest.
    pub fn of(group: &str, kind: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.group() == group && known.name() == kind)
    }
}

/// An object: its kind and name. The namespace of a cluster-wide object is empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectKey {
    /// Kind.
    pub kind: Kind,
    /// Namespace and name.
    pub name: ObjectName,
}

impl ObjectKey {
    /// Names an object.
    pub fn new(kind: Kind, namespace: &str, name: &str) -> Self {
        Self { kind, name: ObjectName { namespace: namespace.to_owned(), name: name.to_owned() } }
    }
}

impl std::fmt::Display for ObjectKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.name.namespace.is_empty() {
            return write!(formatter, "{} {}", self.kind.name(), self.name.name);
        }
        write!(formatter, "{} {}", self.kind.name(), self.name)
    }
}
