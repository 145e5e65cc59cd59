//! What templates see: every field is there, `None` where it has no value.

use super::{
    GatewayRef, RenderContext,
    dialect::{Dialect, Word},
};
use crate::canonical::{Api, Backend, HeaderMatch, LlmProvider, MockRef, Route, To, words::Authority};
use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Map, Value};

#[derive(Debug, Serialize)]
pub(super) struct BackendView<'a> {
    pub name: &'a str,
    pub namespace: &'a str,
    pub llm: Option<LlmView<'a>>,
    pub mcp: Option<Vec<McpTargetView<'a>>>,
    pub http: Option<Authority>,
    pub secret: Option<String>,
    pub key_header: Option<&'a str>,
    pub signs: bool,
    pub aws_region: Option<&'a str>,
    pub apis: &'a IndexMap<String, Api>,
}

#[derive(Debug, Serialize)]
pub(super) struct LlmView<'a> {
    pub provider: &'static str,
    /// What the resource wants to know of the provider, in its own words.
    pub settings: Map<String, Value>,
    pub model: Option<&'a str>,
    pub server: Option<Authority>,
    pub path: Option<&'static str>,
    pub path_prefix: Option<&'a str>,
}

#[derive(Debug, Serialize)]
pub(super) struct McpTargetView<'a> {
    pub name: &'a str,
    pub server: Authority,
    pub path: String,
}

#[derive(Debug, Serialize)]
pub(super) struct RouteView<'a> {
    pub name: &'a str,
    pub namespace: &'a str,
    pub gateway: &'a GatewayRef,
    pub hosts: &'a [String],
    pub path: &'a str,
    pub exact: bool,
    pub headers: &'a [HeaderMatch],
    pub strip: bool,
    pub weighted: bool,
    pub backends: Vec<ShareView<'a>>,
}

#[derive(Debug, Serialize)]
pub(super) struct ShareView<'a> {
    pub name: &'a str,
    pub weight: u32,
}

impl<'a> LlmView<'a> {
    pub fn new(backend: &'a Backend, provider: LlmProvider, context: &RenderContext, dialect: Dialect) -> Self {
        let server = match (&backend.at, mock_of(backend)) {
            (Some(at), _) => Authority::parse(at),
            (None, Some(mock)) => Some(context.mocks.authority(&mock)),
            (None, None) => None,
        };
        let ollama = provider == LlmProvider::Ollama;
        let path_prefix = match backend.path_prefix.as_deref() {
            Some("none") => None,
            Some(prefix) => Some(prefix),
            None if server.is_none() || ollama => None,
            None if matches!(provider, LlmProvider::Openai | LlmProvider::Anthropic) => Some("/v1"),
            None => Some("/"),
        };
        // A line that cannot put a prefix before the provider's own path is told the whole path.
        let whole = ollama || (path_prefix.is_some() && !dialect.says(Word::PathPrefix));
        Self {
            provider: name_in_resource(backend, provider, dialect),
            settings: settings(backend, provider, dialect),
            model: backend.model.as_deref(),
            server,
            // Without it the client's path would go out, and Ollama knows its own only.
            path: whole.then_some(chat_path(provider)),
            path_prefix: path_prefix.filter(|_| !whole),
        }
    }
}

/// Whether a resource of Azure is named by its endpoint: lines before 1.2 know no other way.
fn is_by_endpoint(backend: &Backend, dialect: Dialect) -> bool {
    let foundry = backend.azure.as_ref().is_some_and(|azure| azure.project.is_some());
    !foundry && !dialect.says(Word::AzureResource)
}

fn name_in_resource(backend: &Backend, provider: LlmProvider, dialect: Dialect) -> &'static str {
    match provider {
        LlmProvider::Ollama => "openai",
        LlmProvider::Vertex => "vertexai",
        LlmProvider::Azure if is_by_endpoint(backend, dialect) => "azureopenai",
        _ => provider.name(),
    }
}

fn settings(backend: &Backend, provider: LlmProvider, dialect: Dialect) -> Map<String, Value> {
    let mut settings = Map::new();
    let mut put = |name: &str, value: Option<&str>| {
        settings.extend(value.map(|value| (name.to_owned(), Value::from(value))));
    };
    if let (LlmProvider::Vertex, Some(vertex)) = (provider, &backend.vertex) {
        put("projectId", Some(&vertex.project));
        put("region", Some(vertex.region.as_deref().unwrap_or("global")));
    }
    if let (LlmProvider::Azure, Some(azure)) = (provider, &backend.azure) {
        if is_by_endpoint(backend, dialect) {
            put("endpoint", Some(&format!("{}.openai.azure.com", azure.resource)));
            put("deploymentName", backend.model.as_deref());
        } else {
            put("resourceName", Some(&azure.resource));
            put("resourceType", Some(if azure.project.is_some() { "Foundry" } else { "OpenAI" }));
            put("projectName", azure.project.as_deref());
        }
        put("apiVersion", azure.api_version.as_deref());
    }
    if let (LlmProvider::Bedrock, Some(bedrock)) = (provider, &backend.bedrock) {
        put("region", bedrock.region.as_deref());
    }
    if !(provider == LlmProvider::Azure && is_by_endpoint(backend, dialect)) {
        put("model", backend.model.as_deref());
    }
    settings
}

/// The path of a chat at a provider. Source: `facts/lifecycle.md` B.2.
fn chat_path(provider: LlmProvider) -> &'static str {
    match provider {
        LlmProvider::Openai | LlmProvider::Ollama => "/v1/chat/completions",
        LlmProvider::Anthropic => "/v1/messages",
        LlmProvider::Gemini => "/v1beta/openai/chat/completions",
        // Their paths name models and projects: a line without prefixes refuses them before.
        LlmProvider::Vertex | LlmProvider::Azure | LlmProvider::Bedrock => "/",
    }
}

impl<'a> RouteView<'a> {
    pub fn new(name: &'a str, route: &'a Route, context: &'a RenderContext) -> Self {
        let path = route.path.as_deref().unwrap_or("/");
        let backends = match &route.to {
            To::One(backend) => vec![ShareView { name: backend, weight: 1 }],
            To::Weighted(shares) => shares.iter().map(|(name, weight)| ShareView { name, weight: *weight }).collect(),
        };
        Self {
            name,
            namespace: &context.namespace,
            gateway: &context.gateway,
            hosts: if route.hosts.is_empty() { &context.hosts } else { &route.hosts },
            path,
            exact: route.exact,
            headers: &route.headers,
            strip: !route.exact && path != "/" && route.strip.unwrap_or(true),
            weighted: matches!(route.to, To::Weighted(_)),
            backends,
        }
    }
}

/// The mock that plays an LLM backend, if one does.
pub(super) fn mock_of(backend: &Backend) -> Option<String> {
    match (&backend.mock, backend.llm) {
        (Some(MockRef::Named(name)), _) => Some(name.clone()),
        // Ollama is reached through its OpenAI-compatible paths, so OpenAI's mock plays it.
        (Some(MockRef::Behaving(_)), Some(LlmProvider::Ollama)) => Some(LlmProvider::Openai.name().to_owned()),
        (Some(MockRef::Behaving(_)), Some(provider)) => Some(provider.name().to_owned()),
        _ => None,
    }
}
