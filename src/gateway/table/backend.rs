//! Backends, ready to be called.

use super::Policies;
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

/// An LLM provider.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct LlmBackend {
    /// Object behind it, for logs and errors.
    pub name: super::ObjectName,
    /// Whose language it speaks.
    pub provider: LlmProvider,
    /// Model that replaces the client's.
    pub model: Option<String>,
    /// `host` and `port`; `None`: the vendor's own address, with TLS.
    pub host_override: Option<Authority>,
    /// Which path goes upstream.
    pub path: UpstreamPath,
    /// The credential.
    pub auth: Option<BackendAuth>,
    /// Whether TLS is spoken although `host_override` is set (`policies.tls`).
    pub tls: bool,
    /// Policies on the backend itself and inline ones, already merged (inline wins).
    pub policies: Arc<Policies>,
}

/// LLM providers, one group before the other.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct LlmGroups {
    /// Object behind them, for logs and errors.
    pub name: super::ObjectName,
    /// The groups; within one all are equal.
    pub groups: Vec<Vec<LlmBackend>>,
}

/// LLM providers that the reference gateway translates to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LlmProvider {
    /// `openai`.
    OpenAi,
    /// `anthropic`.
    Anthropic,
    /// `gemini`.
    Gemini,
}

/// Which path goes upstream. Source: facts/lifecycle.md B.2, "Path rules".
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum UpstreamPath {
    /// No `host`: the provider's default path.
    Default,
    /// `host` only: the client's path, unchanged.
    Client,
    /// `path`: exactly this, query included.
    Exact(String),
    /// `pathPrefix` and the provider's suffix.
    Prefix(String),
}

/// The credential that goes upstream. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum BackendAuth {
    /// A key, sent as the provider wants it.
    Key(String),
    /// The client's own.
    Passthrough,
}

impl std::fmt::Debug for BackendAuth {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Key(_) => "Key(…)",
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
