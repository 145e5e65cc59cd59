//! What a route can lead to.

use super::{Api, Azure, Bedrock, Vertex};
use crate::exchange::Behaviour;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// A backend: exactly one of `llm`, `mcp` and `http`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Backend {
    /// An LLM provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub llm: Option<LlmProvider>,
    /// MCP servers by name; several are multiplexed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mcp: Option<IndexMap<String, McpServer>>,
    /// A plain HTTP server, `host:port`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http: Option<String>,
    /// A mock plays the provider; left out together with `at`: the real vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mock: Option<MockRef>,
    /// `host:port` of a server that speaks the provider's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Model that replaces the client's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Path prefix sent upstream instead of the provider's own, `/v1`.
    /// `none` keeps the client's path, as a backend with `host` and neither `path` nor `pathPrefix` does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_prefix: Option<String>,
    /// The credential that goes upstream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<KeySource>,
    /// The header that carries the credential, as it is; left out: Authorization, behind `Bearer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_header: Option<String>,
    /// The languages of requests by the ends of their paths, `*` for any; left out: all are chat completions.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub apis: IndexMap<String, Api>,
    /// Where models of Vertex AI are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vertex: Option<Vertex>,
    /// The resource of Azure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub azure: Option<Azure>,
    /// The region of Amazon Bedrock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bedrock: Option<Bedrock>,
    /// The sandbox works without it: if it is not there, a warning is enough.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
}

/// Whose language an LLM backend speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LlmProvider {
    /// OpenAI.
    Openai,
    /// Anthropic.
    Anthropic,
    /// Google Gemini.
    Gemini,
    /// Google Vertex AI.
    Vertex,
    /// Azure OpenAI and Azure AI Foundry.
    Azure,
    /// Amazon Bedrock.
    Bedrock,
    /// Ollama, through its OpenAI-compatible paths.
    Ollama,
}

impl LlmProvider {
    /// The name that people write.
    pub fn name(self) -> &'static str {
        match self {
            Self::Openai => "openai",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
            Self::Vertex => "vertex",
            Self::Azure => "azure",
            Self::Bedrock => "bedrock",
            Self::Ollama => "ollama",
        }
    }
}

/// That a mock plays the upstream, and how it behaves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum MockRef {
    /// A named mock, `toolbox`.
    Named(String),
    /// The provider's mock with this behaviour; `{}` for a good one.
    Behaving(Box<Behaviour>),
}

/// One MCP server behind a backend: exactly one of `mock` and `at`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct McpServer {
    /// The name of a mock MCP server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mock: Option<String>,
    /// `host:port/path` of a real one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// Where a credential comes from. The value itself is never in a plan, a journal or a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub enum KeySource {
    /// An environment variable of whoever runs the command.
    FromEnv(String),
    /// A value made for a test; not a secret.
    Fake(String),
}
