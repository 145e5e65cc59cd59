//! LLM backends.

use super::{Authority, BackendAuth, ObjectName, Policies};
use std::sync::Arc;

/// An LLM provider.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct LlmBackend {
    /// Object behind it, for logs and errors.
    pub name: ObjectName,
    /// Whose API it has.
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

/// LLM providers that the reference gateway translates to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum LlmProvider {
    /// `openai`.
    OpenAi,
    /// `anthropic`.
    Anthropic,
    /// `gemini`, through its OpenAI-compatible paths.
    Gemini,
    /// `vertexai`.
    Vertex {
        /// The Google Cloud project.
        project: String,
        /// The location, `global` unless said.
        region: String,
    },
    /// `azure` and `azureopenai`.
    Azure {
        /// Host name of the resource.
        host: String,
        /// `apiVersion`; `None` is the same as `v1`.
        version: Option<String>,
        /// The project of a Foundry resource; `None`: an Azure OpenAI resource.
        project: Option<String>,
    },
    /// `bedrock`.
    Bedrock {
        /// The AWS region.
        region: String,
        /// Identifier and version of a guardrail.
        guardrail: Option<(String, String)>,
    },
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

/// What requests with a path are, in the words of `ai.routes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LlmRoute {
    /// Chat completions of OpenAI.
    Completions,
    /// Messages of Anthropic.
    Messages,
    /// Responses of OpenAI.
    Responses,
    /// Embeddings of OpenAI.
    Embeddings,
    /// The count of the tokens of a request for Messages.
    TokenCount,
    /// A list of models.
    Models,
    /// Anything; it is not looked into.
    Passthrough,
    /// Anything; what it is shows in its body.
    Detect,
    /// A session over a WebSocket.
    Realtime,
    /// Documents in an order.
    Rerank,
}

impl LlmRoute {
    /// The word of the resource.
    pub fn name(self) -> &'static str {
        match self {
            Self::Completions => "Completions",
            Self::Messages => "Messages",
            Self::Responses => "Responses",
            Self::Embeddings => "Embeddings",
            Self::TokenCount => "AnthropicTokenCount",
            Self::Models => "Models",
            Self::Passthrough => "Passthrough",
            Self::Detect => "Detect",
            Self::Realtime => "Realtime",
            Self::Rerank => "Rerank",
        }
    }

    /// What a word of the resource means.
    pub fn named(name: &str) -> Option<Self> {
        const ALL: [LlmRoute; 10] = [
            LlmRoute::Completions,
            LlmRoute::Messages,
            LlmRoute::Responses,
            LlmRoute::Embeddings,
            LlmRoute::TokenCount,
            LlmRoute::Models,
            LlmRoute::Passthrough,
            LlmRoute::Detect,
            LlmRoute::Realtime,
            LlmRoute::Rerank,
        ];
        ALL.into_iter().find(|route| route.name() == name)
    }
}

/// `ai.routes`: which paths are what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct LlmRoutes(Vec<(String, LlmRoute)>);

impl LlmRoutes {
    /// From suffixes of paths, `*` for any path.
    pub fn new(routes: impl IntoIterator<Item = (String, LlmRoute)>) -> Self {
        let mut routes: Vec<_> = routes.into_iter().collect();
        routes.sort_by_key(|(suffix, _)| (suffix == "*", std::cmp::Reverse(suffix.len())));
        Self(routes)
    }

    /// What a path is: the longest suffix says it, and where none does it is chat completions. Source: facts/manifests.md
    /// 1.5.
    pub fn of(&self, path: &str) -> LlmRoute {
        let found = self.0.iter().find(|(suffix, _)| suffix == "*" || path.ends_with(suffix.as_str()));
        found.map_or(LlmRoute::Completions, |(_, route)| *route)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_suffix_says_what_a_path_is() {
        let routes = LlmRoutes::new(
            [("*", "Passthrough"), ("/messages", "Messages"), ("/v1/messages/count_tokens", "AnthropicTokenCount")]
                .map(|(suffix, name)| (suffix.to_owned(), LlmRoute::named(name).unwrap())),
        );
        assert_eq!(routes.of("/x/v1/messages"), LlmRoute::Messages);
        assert_eq!(routes.of("/v1/messages/count_tokens"), LlmRoute::TokenCount);
        assert_eq!(routes.of("/v1/models"), LlmRoute::Passthrough);
        assert_eq!(LlmRoutes::default().of("/v1/messages"), LlmRoute::Completions);
    }
}
