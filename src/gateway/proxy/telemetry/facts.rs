//! What is known of one request.

use super::Reason;
use crate::gateway::table::{Listener, Route, Rule};
use http::{Method, Version};
use std::{net::SocketAddr, sync::Arc, time::Duration};

/// What is known of one request. It grows from the first byte of the request to the last one of the answer.
#[derive(Debug, Default)]
pub struct Facts {
    /// The client.
    pub peer: Option<SocketAddr>,
    /// Its method.
    pub method: Method,
    /// Host that it asked for, without port.
    pub host: Option<String>,
    /// Path and query that it asked for.
    pub path: String,
    /// Its protocol.
    pub version: Version,
    /// The listener that it came to.
    pub listener: Option<Arc<Listener>>,
    /// The route and the rule that it took.
    pub route: Option<(Arc<Route>, Arc<Rule>)>,
    /// The backend that it was meant for.
    pub backend: Option<String>,
    /// What the backend speaks.
    pub protocol: Option<Protocol>,
    /// Address that was called.
    pub endpoint: Option<String>,
    /// Status of the answer.
    pub status: Option<u16>,
    /// Bytes of the answer's body.
    pub bytes: u64,
    /// Who asked, by the token.
    pub jwt_sub: Option<String>,
    /// Calls of the backend that came after the first.
    pub retries: u32,
    /// What went wrong.
    pub error: Option<String>,
    /// Why the answer is as it is.
    pub reason: Option<Reason>,
    /// Of a call of a model.
    pub llm: Option<LlmFacts>,
    /// Of an MCP message.
    pub mcp: McpFacts,
}

/// What a backend speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// HTTP as it comes.
    Http,
    /// A model's language.
    Llm,
    /// The Model Context Protocol.
    Mcp,
}

impl Protocol {
    /// As log and metrics write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Llm => "llm",
            Self::Mcp => "mcp",
        }
    }
}

/// Of a call of a model.
#[derive(Debug, Clone, Default)]
pub struct LlmFacts {
    /// `chat` or `embeddings`.
    pub operation: &'static str,
    /// Vendor, by its name in OpenTelemetry.
    pub provider: &'static str,
    /// Model that was asked for.
    pub request_model: Option<String>,
    /// Model that answered.
    pub response_model: Option<String>,
    /// Tokens.
    pub usage: Usage,
    /// From the request to the first token of a stream.
    pub first_token: Option<Duration>,
    /// What the client asked for: name of the log and value as JSON.
    pub parameters: Vec<(&'static str, String)>,
}

/// Tokens of a call, as far as the model told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Of the request.
    pub input: Option<u64>,
    /// Of the answer.
    pub output: Option<u64>,
}

impl Usage {
    /// All of them.
    pub fn total(self) -> u64 {
        self.input.unwrap_or(0).saturating_add(self.output.unwrap_or(0))
    }
}

/// Of an MCP message.
#[derive(Debug, Clone, Default)]
pub struct McpFacts {
    /// Its method.
    pub method: Option<String>,
    /// The server.
    pub target: Option<String>,
    /// `tool`, `prompt` or `resource`.
    pub resource_type: Option<&'static str>,
    /// Name of the tool, prompt or resource.
    pub resource: Option<String>,
    /// The session.
    pub session: Option<String>,
    /// Code and message of a JSON-RPC error.
    pub error: Option<(i64, String)>,
}
