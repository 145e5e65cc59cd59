//! GatewayClass and Gateway.

use super::{LabelSelector, Meta};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// A GatewayClass.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct GatewayClass {
    /// Metadata.
    pub metadata: Meta,
    /// Spec.
    pub spec: GatewayClassSpec,
}

/// What a GatewayClass says.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GatewayClassSpec {
    /// Who serves it.
    pub controller_name: String,
    /// Parameters of all its Gateways.
    pub parameters_ref: Option<ParametersRef>,
}

/// A reference to parameters.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ParametersRef {
    /// API group.
    pub group: String,
    /// Kind.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Namespace; only classes have it.
    pub namespace: Option<String>,
}

/// A Gateway.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Gateway {
    /// Metadata.
    pub metadata: Meta,
    /// Spec.
    pub spec: GatewaySpec,
}

/// What a Gateway asks for.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GatewaySpec {
    /// Its class.
    pub gateway_class_name: String,
    /// Listeners.
    pub listeners: Vec<Listener>,
    /// Requested addresses: `{type, value}`.
    pub addresses: Vec<Value>,
    /// What the generated objects get.
    pub infrastructure: Infrastructure,
}

/// What the generated objects get.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Infrastructure {
    /// Labels to copy.
    pub labels: BTreeMap<String, String>,
    /// Annotations to copy.
    pub annotations: BTreeMap<String, String>,
    /// Parameters.
    pub parameters_ref: Option<ParametersRef>,
}

/// A listener.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Listener {
    /// Name.
    pub name: String,
    /// Port.
    pub port: u16,
    /// Protocol, in the case it was written in.
    pub protocol: String,
    /// Host name.
    pub hostname: Option<String>,
    /// Which routes may attach.
    pub allowed_routes: AllowedRoutes,
    /// TLS, as it stands.
    pub tls: Option<Value>,
}

/// Which routes may attach.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct AllowedRoutes {
    /// From which namespaces.
    pub namespaces: AllowedNamespaces,
    /// Of which kinds; empty: all that the protocol supports.
    pub kinds: Vec<RouteGroupKind>,
}

/// From which namespaces routes may come.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct AllowedNamespaces {
    /// `Same` (the default), `All` or `Selector`.
    pub from: Option<String>,
    /// Labels of the namespaces.
    pub selector: Option<LabelSelector>,
}

/// A kind of routes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct RouteGroupKind {
    /// API group.
    #[serde(default = "gateway_group")]
    pub group: String,
    /// Kind.
    pub kind: String,
}

fn gateway_group() -> String {
    "gateway.networking.k8s.io".to_owned()
}
