//! All mocks that there are. A new one is a folder and a line here.

use super::behaviours::Forgets;
use super::cue::Seed;
use super::legible::legible;
use super::recorder::Legible;
use super::services::services;
use super::{
    MockError, MockOptions, Protocol, anthropic, azure, bedrock, gemini, grpc, identity, mcp, ollama, openai, vertex,
};
use axum::Router;
use axum::response::Response;
use http::StatusCode;
use rustls::ServerConfig;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

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
    /// How its connections are encrypted; `None`: they are not.
    pub(super) tls: Option<Arc<ServerConfig>>,
    /// What the admin API of the mocks serves for it, under `/mock/{name}`.
    pub(super) controls: Router,
    /// What makes its bodies readable that are no text.
    pub(super) legible: Option<Legible>,
    /// Whether it reads requests while they arrive: both sides may speak at a time.
    pub(super) is_talk: bool,
    /// What it keeps of lanes beside what is recorded.
    pub(super) memory: Option<Arc<dyn Forgets>>,
}

impl Mock {
    /// A service at the root of its origin.
    pub(super) fn service(name: &'static str, port: u16, about: &'static str, refuse: Refuse, router: Router) -> Self {
        Self {
            name,
            protocol: Protocol::Service,
            port,
            about,
            base_path: "",
            request_id: None,
            refuse,
            router,
            tls: None,
            controls: Router::new(),
            legible: None,
            is_talk: false,
            memory: None,
        }
    }

    /// The same over TLS.
    pub(super) fn over_tls(self, tls: Arc<ServerConfig>) -> Self {
        Self { tls: Some(tls), ..self }
    }

    /// A gRPC server, whose messages this makes readable.
    pub(super) fn grpc(name: &'static str, port: u16, about: &'static str, router: Router, legible: Legible) -> Self {
        Self { is_talk: true, ..Self::service(name, port, about, grpc::refuse, grpc::service(router)).read_by(legible) }
    }

    /// With bodies that this makes readable.
    pub(super) fn read_by(self, legible: Legible) -> Self {
        Self { legible: Some(legible), ..self }
    }

    /// With something that it keeps of lanes.
    pub(super) fn forgetting(self, memory: impl Forgets + 'static) -> Self {
        Self { memory: Some(Arc::new(memory)), ..self }
    }

    /// With routes of its own in the admin API.
    pub(super) fn controlled(self, controls: Router) -> Self {
        Self { controls, ..self }
    }
}

/// All mocks; their own tasks end with the token. The home is told by those who know where the identity provider listens.
pub(super) fn all(
    cancel: &CancellationToken,
    options: &MockOptions,
    home: &identity::Home,
) -> Result<Vec<Mock>, MockError> {
    let provider = identity::Provider::new(options.keys.clone(), options.issuer.as_deref());
    let mut mocks = vendors();
    mocks.extend(mcp::servers(cancel, Arc::new(identity::Bearers::new(provider.clone(), home.clone()))));
    mocks.extend(services(cancel, options, provider)?);
    Ok(mocks)
}

/// Providers of models.
fn vendors() -> Vec<Mock> {
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
            tls: None,
            controls: Router::new(),
            legible: None,
            is_talk: false,
            memory: None,
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
            tls: None,
            controls: Router::new(),
            legible: None,
            is_talk: false,
            memory: None,
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
            tls: None,
            controls: Router::new(),
            legible: None,
            is_talk: false,
            memory: None,
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
            tls: None,
            controls: Router::new(),
            legible: None,
            is_talk: false,
            memory: None,
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
            tls: None,
            controls: Router::new(),
            legible: None,
            is_talk: false,
            memory: None,
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
            tls: None,
            controls: Router::new(),
            legible: None,
            is_talk: false,
            memory: None,
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
            tls: None,
            controls: Router::new(),
            legible: None,
            is_talk: false,
            memory: None,
        },
    ]
}
