//! AgentgatewayBackend.

use super::{LabelSelector, Meta};
use serde::Deserialize;
use serde_json::{Map, Value};

/// An AgentgatewayBackend.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct AgentgatewayBackend {
    /// Metadata.
    pub metadata: Meta,
    /// Spec.
    pub spec: BackendSpec,
}

/// What a backend is: one of its types.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BackendSpec {
    /// An LLM.
    pub ai: Option<Ai>,
    /// MCP servers.
    pub mcp: Option<Mcp>,
    /// A plain server.
    #[serde(rename = "static")]
    pub static_host: Option<StaticHost>,
    /// Inline policies, as they stand.
    pub policies: BackendPolicies,
    /// Everything else.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// The section `backend` of a policy, or `policies` of a backend, as it stands.
pub type BackendPolicies = Map<String, Value>;

/// An LLM: one provider, or groups of them.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Ai {
    /// The provider: a type key and `host`, `port`, `path`, `pathPrefix`.
    pub provider: Option<Map<String, Value>>,
    /// Groups, as they stand.
    pub groups: Option<Value>,
}

/// MCP servers.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Mcp {
    /// Targets.
    pub targets: Vec<McpTarget>,
    /// `Stateful` or `Stateless`.
    pub session_routing: Option<String>,
    /// `FailClosed` or `FailOpen`.
    pub failure_mode: Option<String>,
    /// `Conditional`, `Always` or `Never`.
    pub prefix_mode: Option<String>,
    /// Everything else.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// An MCP server, or Services that are found by labels.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct McpTarget {
    /// Name.
    pub name: String,
    /// One server.
    #[serde(rename = "static")]
    pub static_target: Option<StaticMcp>,
    /// Services by labels.
    pub selector: Option<McpSelector>,
}

/// One MCP server.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StaticMcp {
    /// Host name.
    pub host: Option<String>,
    /// Service instead of a host name.
    pub backend_ref: Option<ServiceName>,
    /// Port.
    pub port: u16,
    /// Path; left out: `/mcp`.
    pub path: Option<String>,
    /// `StreamableHTTP` or `SSE`.
    pub protocol: Option<String>,
    /// Policies of the target.
    pub policies: Map<String, Value>,
}

/// A Service in the same namespace.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ServiceName {
    /// Its name.
    pub name: String,
}

/// Services by labels.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct McpSelector {
    /// Namespaces; left out: the backend's own.
    pub namespaces: Option<LabelSelector>,
    /// Services.
    pub services: Option<LabelSelector>,
}

/// A plain server.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct StaticHost {
    /// Host name.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Everything else.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A Secret in the same namespace.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct SecretRef {
    /// Name.
    pub name: String,
    /// Entry; left out: `Authorization`.
    pub key: Option<String>,
}
