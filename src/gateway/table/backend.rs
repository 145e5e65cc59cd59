//! Backends, ready to be called.

use super::{LlmBackend, Policies};
use std::{net::IpAddr, sync::Arc};

/// Where a request goes.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum Backend {
    /// An LLM provider.
    Llm(LlmBackend),
    /// LLM providers, one group before the other.
    LlmGroups(LlmGroups),
    /// MCP servers.
    Mcp(McpBackend),
    /// A plain server by name.
    Static(StaticBackend),
    /// A Service.
    Service(ServiceBackend),
    /// Models by name.
    Models(super::Models),
    /// Other routes, which decide.
    Routes(super::RouteGroup),
    /// Nothing that could be called; the proxy answers for it.
    Faulty(BackendFault),
}

/// Why a backend cannot be called. Source: facts/controller.md 6 and 7.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BackendFault {
    /// Missing object, or one that could not be translated: 500 `service not found`.
    ServiceNotFound,
    /// A kind that cannot be a backend, or a reference that is not permitted: 500 `backend does not exist`.
    DoesNotExist,
}

/// Host and port to call.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Authority {
    /// DNS name or IP address.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

/// LLM providers, one group before the other.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct LlmGroups {
    /// Object behind them, for logs and errors.
    pub name: super::ObjectName,
    /// The groups; within one all are equal.
    pub groups: Vec<Vec<LlmBackend>>,
}

/// The credential that goes upstream. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum BackendAuth {
    /// A key, sent as the provider wants it.
    Key(String),
    /// A key in a header that `location` names.
    KeyIn {
        /// The header's name.
        header: String,
        /// What stands before the key.
        prefix: String,
        /// The key.
        key: String,
    },
    /// A signature of AWS, version 4.
    Aws(AwsKey),
    /// The client's own.
    Passthrough,
}

/// What signs requests to AWS.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AwsKey {
    /// Id of the access key.
    pub access: String,
    /// The secret.
    pub secret: String,
    /// Token of temporary credentials.
    pub session: Option<String>,
    /// `auth.aws.region`.
    pub region: Option<String>,
    /// `auth.aws.serviceName`, `bedrock` unless said.
    pub service: Option<String>,
}

impl std::fmt::Debug for BackendAuth {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Key(_) => "Key(…)",
            Self::KeyIn { .. } => "KeyIn(…)",
            Self::Aws(_) => "Aws(…)",
            Self::Passthrough => "Passthrough",
        })
    }
}

/// MCP servers behind one endpoint.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct McpBackend {
    /// Object behind it, for logs and errors.
    pub name: super::ObjectName,
    /// Its targets in order.
    pub targets: Vec<McpTarget>,
    /// `sessionRouting: Stateless`.
    pub stateless: bool,
    /// `failureMode: FailOpen`: targets that are down are left out.
    pub fail_open: bool,
    /// `prefixMode: Always`: names have the target's in front even where there is but one.
    pub always_prefixed: bool,
    /// Which tools, prompts and resources there are for a client (`mcp.authorization`).
    pub rules: Option<super::Rules>,
    /// Policies on the backend itself and inline ones, already merged.
    pub policies: Arc<Policies>,
}

impl McpBackend {
    /// The one server whose names are passed on as they are; `None` where names tell servers apart.
    pub fn only(&self) -> Option<&McpTarget> {
        match self.targets.as_slice() {
            [target] if !self.always_prefixed => Some(target),
            _ => None,
        }
    }
}

/// One MCP server.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct McpTarget {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub authority: Authority,
    /// Path, `/mcp` unless said.
    pub path: String,
    /// The credential.
    pub auth: Option<BackendAuth>,
}

/// A plain server by name or address.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct StaticBackend {
    /// Where it is.
    pub authority: Authority,
    /// The credential.
    pub auth: Option<BackendAuth>,
    /// Whether TLS is spoken.
    pub tls: bool,
}

/// A Service, resolved through the table's `services`.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct ServiceBackend {
    /// Cluster DNS name.
    pub host: String,
    /// Service port.
    pub port: u16,
}

/// What a name is resolved to beyond the table and DNS, `host.internal` above all.
pub type HostAliases = std::collections::BTreeMap<String, IpAddr>;
