//! The mocks of the vendors. A new one is a folder and a line here; MCP servers are in `mcp/catalog.rs`.

use super::cue::Seed;
use super::legible::legible;
use super::{Protocol, anthropic, azure, bedrock, gemini, ollama, openai, vertex};
use axum::Router;
use axum::response::Response;
use http::StatusCode;

/// The vendor's own refusal for a status; with the message given, or the one that the vendor has for the status.
pub(super) type Refuse = fn(&Seed, StatusCode, Option<&str>) -> Response;

/// One mock before it listens.
pub(super) struct Mock {
    pub(super) name: &'static str,
    pub(super) protocol: Protocol,
    /// The port that it prefers.
    pub(super) port: u16,
    pub(super) about: &'static str,
    /// What follows the origin in the URL that its clients take.
    pub(super) base_path: &'static str,
    /// The header in which the vendor numbers requests.
    pub(super) request_id: Option<&'static str>,
    pub(super) refuse: Refuse,
    pub(super) router: Router,
}

/// The mocks of the LLM vendors.
pub(super) fn vendors() -> Vec<Mock> {
    vec![
        Mock {
            name: "openai",
            protocol: Protocol::Llm,
            port: 9101,
            about: "OpenAI: chat, responses, embeddings, completions, models",
            base_path: "/v1",
            request_id: Some("x-request-id"),
            refuse: openai::refuse,
            router: openai::router(),
        },
        Mock {
            name: "anthropic",
            protocol: Protocol::Llm,
            port: 9102,
            about: "Anthropic: messages, count_tokens, models",
            base_path: "",
            request_id: Some("request-id"),
            refuse: anthropic::refuse,
            router: anthropic::router(),
        },
        Mock {
            name: "gemini",
            protocol: Protocol::Llm,
            port: 9103,
            about: "Gemini: generation, embeddings, models, and the OpenAI-compatible paths",
            base_path: "",
            request_id: None,
            refuse: gemini::refuse,
            router: legible(gemini::router(), gemini::refuse),
        },
        Mock {
            name: "vertex",
            protocol: Protocol::Llm,
            port: 9104,
            about: "Vertex AI: Gemini and Claude under their publishers",
            base_path: "",
            request_id: None,
            refuse: vertex::refuse,
            router: legible(vertex::router(), vertex::refuse),
        },
        Mock {
            name: "bedrock",
            protocol: Protocol::Llm,
            port: 9106,
            about: "Amazon Bedrock: converse and invoke, signed requests only",
            base_path: "",
            request_id: None,
            refuse: bedrock::refuse,
            router: legible(bedrock::router(), bedrock::refuse),
        },
        Mock {
            name: "ollama",
            protocol: Protocol::Llm,
            port: 9107,
            about: "Ollama: chat, generation, embeddings, models, and the OpenAI-compatible paths",
            base_path: "",
            request_id: None,
            refuse: ollama::refuse,
            router: legible(ollama::router(), ollama::refuse),
        },
        Mock {
            name: "azure",
            protocol: Protocol::Llm,
            port: 9105,
            about: "Azure OpenAI: deployments, v1 paths, Claude in Foundry",
            base_path: "",
            request_id: Some("apim-request-id"),
            refuse: azure::refuse,
            router: azure::router(),
        },
    ]
}
