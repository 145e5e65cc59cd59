//! Where a provider is called: address and path. Source: facts/lifecycle.md B.2 "Path rules".

use crate::gateway::table::{Authority, LlmBackend, LlmProvider, UpstreamPath};
use http::{Uri, uri::PathAndQuery};

/// Port of the vendors.
const HTTPS: u16 = 443;

/// The vendor's own address.
pub fn vendor(provider: LlmProvider) -> Authority {
    let host = match provider {
        LlmProvider::OpenAi => "api.openai.com",
        LlmProvider::Anthropic => "api.anthropic.com",
        LlmProvider::Gemini => "generativelanguage.googleapis.com",
    };
    Authority { host: host.to_owned(), port: HTTPS }
}

/// Path and query upstream.
pub fn path(backend: &LlmBackend, client: &Uri) -> Uri {
    let whole = match &backend.path {
        UpstreamPath::Client => return client.clone(),
        UpstreamPath::Exact(path) => path.clone(),
        UpstreamPath::Default => with_query(default_path(backend.provider).to_owned(), client),
        UpstreamPath::Prefix(prefix) => {
            with_query(format!("{}{}", prefix.trim_end_matches('/'), suffix(backend.provider)), client)
        }
    };
    PathAndQuery::try_from(whole).map(Uri::from).unwrap_or_else(|_| client.clone())
}

fn with_query(path: String, client: &Uri) -> String {
    match client.query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    }
}

fn default_path(provider: LlmProvider) -> &'static str {
    match provider {
        LlmProvider::OpenAi => "/v1/chat/completions",
        LlmProvider::Anthropic => "/v1/messages",
        LlmProvider::Gemini => "/v1beta/openai/chat/completions",
    }
}

/// What comes after a prefix: it stands for the `/v1` of OpenAI and Anthropic, and in front of everything elsewhere.
fn suffix(provider: LlmProvider) -> &'static str {
    let path = default_path(provider);
    path.strip_prefix("/v1/").map_or(path, |_| &path["/v1".len()..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::table::ObjectName;

    #[test]
    fn paths_follow_the_rules() {
        use LlmProvider::{Anthropic, Gemini, OpenAi};
        let prefix = |prefix: &str| UpstreamPath::Prefix(prefix.into());
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
            let backend = LlmBackend {
                name: ObjectName { namespace: "ns".into(), name: "b".into() },
                provider,
                model: None,
                host_override: None,
                path,
                auth: None,
                tls: false,
                policies: std::sync::Arc::default(),
            };
            let client = Uri::from_static("/llm/v1/chat?q=1");
            assert_eq!(super::path(&backend, &client).to_string(), wanted, "{:?}", backend.path);
        }
    }
}
