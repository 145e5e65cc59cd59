//! Where a provider is called: address and path. Source: facts/proxy.md 3.1 and facts/lifecycle.md B.2 "Path rules".

use super::format::{Format, claude_model, gemini_model};
use crate::gateway::table::{Authority, LlmBackend, LlmProvider, UpstreamPath};
use http::{Uri, uri::PathAndQuery};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// Port of the vendors.
const HTTPS: u16 = 443;
/// What the real gateway encodes in the id of a Bedrock model up to 1.4.1. Source: facts/conformance.md B.3 BDR-11.
const MODEL_SEGMENT: &AsciiSet = &CONTROLS.add(b'/').add(b'%');

/// The vendor's own address.
pub fn vendor(provider: &LlmProvider) -> Authority {
    let host = match provider {
        LlmProvider::OpenAi => "api.openai.com".to_owned(),
        LlmProvider::Anthropic => "api.anthropic.com".to_owned(),
        LlmProvider::Gemini => "generativelanguage.googleapis.com".to_owned(),
        LlmProvider::Vertex { region, .. } => match region.as_str() {
            "" | "global" => "aiplatform.googleapis.com".to_owned(),
            "us" | "eu" => format!("aiplatform.{region}.rep.googleapis.com"),
            region => format!("{region}-aiplatform.googleapis.com"),
        },
        LlmProvider::Azure { host, .. } => host.clone(),
        LlmProvider::Bedrock { region, .. } => format!("bedrock-runtime.{region}.amazonaws.com"),
    };
    Authority { host, port: HTTPS }
}

/// Path and query upstream of a request that was translated.
pub fn path(backend: &LlmBackend, format: Format, model: &str, streams: bool, client: &Uri) -> Uri {
    let whole = match &backend.path {
        UpstreamPath::Client => return client.clone(),
        UpstreamPath::Exact(path) => path.clone(),
        UpstreamPath::Default => with_query(default_path(&backend.provider, format, model, streams), client),
        UpstreamPath::Prefix(prefix) => {
            let path = default_path(&backend.provider, format, model, streams);
            with_query(format!("{}{}", prefix.trim_end_matches('/'), suffix(&backend.provider, &path)), client)
        }
    };
    PathAndQuery::try_from(whole).map(Uri::from).unwrap_or_else(|_| client.clone())
}

/// Path and query upstream of a request that is not looked into: a prefix stands before the client's whole path.
pub fn untouched_path(backend: &LlmBackend, client: &Uri) -> Uri {
    let whole = match &backend.path {
        UpstreamPath::Client | UpstreamPath::Default => return client.clone(),
        UpstreamPath::Exact(path) => path.clone(),
        UpstreamPath::Prefix(prefix) => {
            with_query(format!("{}{}", prefix.trim_end_matches('/'), client.path()), client)
        }
    };
    PathAndQuery::try_from(whole).map(Uri::from).unwrap_or_else(|_| client.clone())
}

fn with_query(path: String, client: &Uri) -> String {
    match client.query() {
        Some(query) if path.contains('?') => format!("{path}&{query}"),
        Some(query) => format!("{path}?{query}"),
        None => path,
    }
}

fn default_path(provider: &LlmProvider, format: Format, model: &str, streams: bool) -> String {
    match provider {
        LlmProvider::OpenAi => format!("/v1/{}", openai_word(format)),
        LlmProvider::Anthropic if format == Format::TokenCount => "/v1/messages/count_tokens".to_owned(),
        LlmProvider::Anthropic => "/v1/messages".to_owned(),
        LlmProvider::Gemini => format!("/v1beta/openai/{}", openai_word(format)),
        LlmProvider::Vertex { project, region } => {
            let place = format!("/v1/projects/{project}/locations/{region}");
            format!("{place}{}", vertex_path(provider, format, model, streams))
        }
        LlmProvider::Azure { version, project, .. } => {
            azure_path(version.as_deref(), project.as_deref(), format, model)
        }
        LlmProvider::Bedrock { .. } => {
            let model = utf8_percent_encode(model, MODEL_SEGMENT);
            let action = match format {
                Format::Invoke => "invoke",
                Format::BedrockTokenCount => "count-tokens",
                _ if streams => "converse-stream",
                _ => "converse",
            };
            format!("/model/{model}/{action}")
        }
    }
}

fn openai_word(format: Format) -> &'static str {
    match format {
        Format::Responses => "responses",
        Format::Embeddings => "embeddings",
        _ => "chat/completions",
    }
}

fn vertex_path(provider: &LlmProvider, format: Format, model: &str, streams: bool) -> String {
    match (format, streams) {
        (Format::VertexTokenCount, _) => "/publishers/anthropic/models/count-tokens:rawPredict".to_owned(),
        (Format::Predict, _) => format!("/publishers/google/models/{model}:predict"),
        (Format::VertexMessages, streams) => {
            let model = claude_model(provider, model).unwrap_or_else(|| model.to_owned());
            let method = if streams { "streamRawPredict" } else { "rawPredict" };
            format!("/publishers/anthropic/models/{model}:{method}")
        }
        (Format::Generate, streams) => {
            let model = gemini_model(model).unwrap_or(model);
            let method = if streams { "streamGenerateContent?alt=sse" } else { "generateContent" };
            format!("/publishers/google/models/{model}:{method}")
        }
        _ => "/endpoints/openapi/chat/completions".to_owned(),
    }
}

fn azure_path(version: Option<&str>, project: Option<&str>, format: Format, model: &str) -> String {
    let word = openai_word(format);
    if let Some(project) = project {
        return match format {
            Format::Messages => "/anthropic/v1/messages".to_owned(),
            Format::TokenCount => "/anthropic/v1/messages/count_tokens".to_owned(),
            _ => format!("/api/projects/{project}/openai/v1/{word}"),
        };
    }
    match version {
        None | Some("v1") => format!("/openai/v1/{word}"),
        Some("preview") => format!("/openai/v1/{word}?api-version=preview"),
        Some(version) if format == Format::Responses => format!("/openai/responses?api-version={version}"),
        Some(version) => format!("/openai/deployments/{model}/{word}?api-version={version}"),
    }
}

/// What comes after a prefix: it stands for the `/v1` of OpenAI and Anthropic, and in front of everything elsewhere.
fn suffix<'p>(provider: &LlmProvider, path: &'p str) -> &'p str {
    match provider {
        LlmProvider::OpenAi | LlmProvider::Anthropic => path.strip_prefix("/v1").unwrap_or(path),
        _ => path,
    }
}

/// A path without what its first part names, a project or a deployment, and without its query.
pub fn shortened(path: &Uri) -> Uri {
    let names_something =
        ["/v1/projects/", "/openai/deployments/", "/api/projects/"].iter().any(|one| path.path().starts_with(one));
    let parts: Vec<&str> = path.path().split('/').collect();
    let shorter = parts.iter().enumerate().filter(|(index, _)| *index != 3).map(|(_, part)| *part);
    let shorter = shorter.collect::<Vec<_>>().join("/");
    PathAndQuery::try_from(shorter).ok().filter(|_| names_something).map_or_else(|| path.clone(), Uri::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::table::ObjectName;

    fn backend(provider: LlmProvider, path: UpstreamPath) -> LlmBackend {
        LlmBackend {
            name: ObjectName { namespace: "ns".into(), name: "b".into() },
            provider,
            model: None,
            host_override: None,
            path,
            auth: None,
            tls: false,
            policies: std::sync::Arc::default(),
        }
    }

    fn prefix(prefix: &str) -> UpstreamPath {
        UpstreamPath::Prefix(prefix.into())
    }

    #[test]
    fn paths_follow_the_rules() {
        use LlmProvider::{Anthropic, Gemini, OpenAi};
        let client = Uri::from_static("/llm/v1/chat?q=1");
        for (provider, path, wanted) in [
            (OpenAi, UpstreamPath::Default, "/v1/chat/completions?q=1"),
            (Anthropic, UpstreamPath::Default, "/v1/messages?q=1"),
            (Gemini, UpstreamPath::Default, "/v1beta/openai/chat/completions?q=1"),
            (OpenAi, prefix("/pp"), "/pp/chat/completions?q=1"),
            (Anthropic, prefix("/pp/"), "/pp/messages?q=1"),
            (Gemini, prefix("/pp"), "/pp/v1beta/openai/chat/completions?q=1"),
            (Gemini, prefix("/"), "/v1beta/openai/chat/completions?q=1"),
            (OpenAi, UpstreamPath::Exact("/exact/custom".into()), "/exact/custom"),
            (OpenAi, UpstreamPath::Client, "/llm/v1/chat?q=1"),
        ] {
            let backend = backend(provider, path);
            assert_eq!(super::path(&backend, Format::Chat, "m", false, &client).to_string(), wanted, "{backend:?}");
        }
    }

    #[test]
    fn clouds_have_paths_of_their_own() {
        let client = Uri::from_static("/v1/chat/completions");
        let vertex = || LlmProvider::Vertex { project: "p1".into(), region: "us-central1".into() };
        let azure = |version: Option<&str>, project: Option<&str>| LlmProvider::Azure {
            host: "res.openai.azure.com".into(),
            version: version.map(Into::into),
            project: project.map(Into::into),
        };
        let bedrock = || LlmProvider::Bedrock { region: "eu-central-1".into(), guardrail: None };
        let google = "/v1/projects/p1/locations/us-central1/publishers/google/models/gemini-x";
        let anthropic = "/v1/projects/p1/locations/us-central1/publishers/anthropic/models";
        for (provider, format, model, streams, wanted) in [
            (vertex(), Format::Generate, "gemini-x", false, format!("{google}:generateContent")),
            (vertex(), Format::Generate, "google/gemini-x", true, format!("{google}:streamGenerateContent?alt=sse")),
            (vertex(), Format::VertexMessages, "claude-x", true, format!("{anthropic}/claude-x:streamRawPredict")),
            (vertex(), Format::VertexTokenCount, "claude-x", false, format!("{anthropic}/count-tokens:rawPredict")),
            (azure(None, None), Format::Chat, "m", false, "/openai/v1/chat/completions".into()),
            (
                azure(Some("2024-10-21"), None),
                Format::Chat,
                "dep1",
                false,
                "/openai/deployments/dep1/chat/completions?api-version=2024-10-21".into(),
            ),
            (
                azure(None, Some("proj")),
                Format::Chat,
                "m",
                false,
                "/api/projects/proj/openai/v1/chat/completions".into(),
            ),
            (azure(None, Some("proj")), Format::Messages, "claude-x", false, "/anthropic/v1/messages".into()),
            (bedrock(), Format::Converse, "a.claude-v1:0", true, "/model/a.claude-v1:0/converse-stream".into()),
            (bedrock(), Format::Invoke, "arn:x/y", false, "/model/arn:x%2Fy/invoke".into()),
        ] {
            let backend = backend(provider, prefix("/"));
            assert_eq!(super::path(&backend, format, model, streams, &client).to_string(), wanted);
        }
    }
}
