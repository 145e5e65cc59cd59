//! Which language is spoken with a provider.

use crate::gateway::{
    proxy::refusal::Refusal,
    table::{LlmProvider, LlmRoute},
};

/// The language of a request to a provider. Source: facts/manifests.md 1.5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// OpenAI's chat completions.
    Chat,
    /// OpenAI's responses.
    Responses,
    /// OpenAI's embeddings.
    Embeddings,
    /// Anthropic's messages.
    Messages,
    /// Anthropic's count of tokens.
    TokenCount,
    /// Anthropic's messages as Vertex AI takes them.
    VertexMessages,
    /// Anthropic's count of tokens as Vertex AI takes it.
    VertexTokenCount,
    /// Google's generateContent.
    Generate,
    /// Google's predict, for embeddings.
    Predict,
    /// Bedrock's converse.
    Converse,
    /// Bedrock's invoke, for embeddings.
    Invoke,
    /// Bedrock's count of tokens.
    BedrockTokenCount,
    /// Nobody is asked: the proxy counts the tokens itself.
    Counted,
}

impl Format {
    /// What a request is translated to.
    pub fn of(provider: &LlmProvider, route: LlmRoute, model: &str) -> Result<Self, Refusal> {
        use LlmProvider::{Anthropic, Azure, Bedrock, Gemini, OpenAi, Vertex};
        let claude = claude_model(provider, model).is_some();
        let format = match (route, provider) {
            (LlmRoute::Embeddings, Anthropic) => return Err(unsupported("Embeddings", provider, "")),
            (LlmRoute::Embeddings, Vertex { .. }) => Self::Predict,
            (LlmRoute::Embeddings, Bedrock { .. }) => Self::Invoke,
            (LlmRoute::Embeddings, _) => Self::Embeddings,
            (LlmRoute::TokenCount, Anthropic) => Self::TokenCount,
            (LlmRoute::TokenCount, Azure { .. }) if claude => Self::TokenCount,
            (LlmRoute::TokenCount, Vertex { .. }) if claude => Self::VertexTokenCount,
            (LlmRoute::TokenCount, Bedrock { .. }) if model.contains("anthropic.claude") => Self::BedrockTokenCount,
            (LlmRoute::TokenCount, _) => Self::Counted,
            (LlmRoute::Responses, Anthropic) => return Err(only_messages(provider)),
            (LlmRoute::Responses, Vertex { .. }) if claude => return Err(only_messages(provider)),
            (LlmRoute::Responses, OpenAi | Azure { .. }) => Self::Responses,
            (_, Anthropic) => Self::Messages,
            (LlmRoute::Messages, Azure { .. }) if claude => Self::Messages,
            (_, Vertex { .. }) if claude => Self::VertexMessages,
            (LlmRoute::Completions, Vertex { .. }) if gemini_model(model).is_some() => Self::Generate,
            (_, Bedrock { .. }) => Self::Converse,
            (_, OpenAi | Gemini | Vertex { .. } | Azure { .. }) => Self::Chat,
        };
        Ok(format)
    }
}

fn only_messages(provider: &LlmProvider) -> Refusal {
    unsupported("Responses", provider, " (supported: [AnthropicMessages])")
}

fn unsupported(from: &str, provider: &LlmProvider, supported: &str) -> Refusal {
    Refusal::Processing(format!("unsupported conversion: from {from} to provider {}{supported}", system(provider)))
}

/// The name of a provider in telemetry. Source: facts/conformance.md B.6 OBS-01.
pub fn system(provider: &LlmProvider) -> &'static str {
    match provider {
        LlmProvider::OpenAi => "openai",
        LlmProvider::Anthropic => "anthropic",
        LlmProvider::Gemini => "gcp.gemini",
        LlmProvider::Vertex { .. } => "gcp.vertex_ai",
        LlmProvider::Azure { .. } => "azure",
        LlmProvider::Bedrock { .. } => "aws.bedrock",
    }
}

/// The name under which Google serves one of its models for generation.
pub fn gemini_model(model: &str) -> Option<&str> {
    let after_publisher = model.split_once("publishers/google/models/").map(|(_, name)| name);
    let prefixed = || ["models/", "google/"].iter().find_map(|prefix| model.strip_prefix(prefix));
    let name = after_publisher.or_else(prefixed).unwrap_or(model);
    let embeds = name.starts_with("gemini-embedding-");
    ((name.starts_with("gemini-") || name.starts_with("gemini@")) && !embeds).then_some(name)
}

/// The name under which a provider serves one of Anthropic's models beside others, `name@date` on Vertex AI.
pub fn claude_model(provider: &LlmProvider, model: &str) -> Option<String> {
    match provider {
        LlmProvider::Vertex { .. } => {
            let after_publisher = model.split_once("publishers/anthropic/models/").map(|(_, name)| name);
            let prefixed =
                || model.strip_prefix("anthropic/").or_else(|| model.starts_with("claude-").then_some(model));
            after_publisher.or_else(prefixed).map(dated)
        }
        LlmProvider::Azure { project: Some(_), .. } => model.starts_with("claude-").then(|| model.to_owned()),
        _ => None,
    }
}

/// `name-20250929` is `name@20250929` on Vertex AI.
fn dated(model: &str) -> String {
    match model.rsplit_once('-') {
        Some((name, date)) if date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("{name}@{date}")
        }
        _ => model.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vertex() -> LlmProvider {
        LlmProvider::Vertex { project: "p".into(), region: "r".into() }
    }

    #[test]
    fn models_choose_the_language_of_vertex() {
        for (model, format) in [
            ("gemini-2.5-pro", Format::Generate),
            ("google/gemini-2.5-pro", Format::Generate),
            ("claude-x", Format::VertexMessages),
            ("meta/llama", Format::Chat),
        ] {
            assert_eq!(Format::of(&vertex(), LlmRoute::Completions, model).unwrap(), format, "{model}");
        }
        assert_eq!(Format::of(&vertex(), LlmRoute::Messages, "gemini-x").unwrap(), Format::Chat);
        let name = claude_model(&vertex(), "anthropic/claude-sonnet-4-5-20250929").unwrap();
        assert_eq!(name, "claude-sonnet-4-5@20250929");
    }

    #[test]
    fn what_nobody_translates_is_refused_in_the_measured_words() {
        for (provider, route, text) in [
            (
                LlmProvider::Anthropic,
                LlmRoute::Responses,
                "unsupported conversion: from Responses to provider anthropic (supported: [AnthropicMessages])",
            ),
            (
                vertex(),
                LlmRoute::Responses,
                "unsupported conversion: from Responses to provider gcp.vertex_ai (supported: [AnthropicMessages])",
            ),
            (
                LlmProvider::Anthropic,
                LlmRoute::Embeddings,
                "unsupported conversion: from Embeddings to provider anthropic",
            ),
        ] {
            let refusal = Format::of(&provider, route, "claude-x").unwrap_err();
            assert_eq!(refusal.text(), format!("processing failed: {text}"));
        }
    }
}
