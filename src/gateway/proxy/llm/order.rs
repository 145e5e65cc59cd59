//! A client's request, made ready for a provider.

use super::{
    anthropic,
    ask::Ask,
    bedrock,
    format::Format,
    openai::{chat, messages_request},
    release::Later,
    vertex,
};
use crate::gateway::{
    proxy::refusal::Refusal,
    table::{LlmBackend, LlmProvider, LlmRoute},
};

/// What is sent to a provider.
#[derive(Debug)]
pub struct Order {
    /// What the client asked for.
    pub route: LlmRoute,
    /// In which language the provider is asked.
    pub format: Format,
    /// Model.
    pub model: String,
    /// Whether the answer comes as a stream.
    pub streams: bool,
    /// Body.
    pub body: Vec<u8>,
}

impl Order {
    /// Translates a request whose model is settled.
    pub fn new(
        route: LlmRoute,
        mut ask: Ask,
        model: String,
        backend: &LlmBackend,
        later: Later,
    ) -> Result<Self, Refusal> {
        let format = Format::of(&backend.provider, route, &model)?;
        let streams = ask.streams();
        let body = body(format, &mut ask, &model, &backend.provider, later)?;
        Ok(Self { route, format, model, streams, body })
    }
}

fn body(format: Format, ask: &mut Ask, model: &str, provider: &LlmProvider, later: Later) -> Result<Vec<u8>, Refusal> {
    match (format, &mut *ask) {
        (Format::Counted, Ask::Messages(messages)) => return Ok(super::count::answer(messages)),
        (Format::BedrockTokenCount, Ask::Messages(messages)) => return bedrock::count::request(messages),
        (Format::VertexTokenCount, ask) => return vertex::claude::body(&ask.to_body()?, true),
        (Format::Predict, Ask::Embeddings(embeddings)) => return Ok(vertex::embeddings::request(embeddings)),
        (Format::Invoke, Ask::Embeddings(embeddings)) => return bedrock::embeddings::request(embeddings, model),
        (Format::Messages, Ask::Messages(_)) => return ask.to_body(),
        (Format::VertexMessages, Ask::Messages(_)) => return vertex::claude::body(&ask.to_body()?, false),
        (Format::Chat, Ask::Chat(chat)) => return compatible(chat, provider),
        _ => {}
    }
    match format {
        Format::Chat => chat_of(ask)?.to_body(),
        Format::Messages => anthropic::chat_request::request(&chat_of(ask)?),
        Format::VertexMessages => vertex::claude::body(&anthropic::chat_request::request(&chat_of(ask)?)?, false),
        Format::Generate => vertex::chat_request::translate(&chat_of(ask)?),
        Format::Converse => {
            let guardrail = match provider {
                LlmProvider::Bedrock { guardrail, .. } => guardrail.as_ref(),
                _ => None,
            };
            let setting = bedrock::chat_request::Setting { guardrail, names_top_p: later.is_1_5() };
            bedrock::chat_request::translate(&chat_of(ask)?, setting)
        }
        _ => ask.to_body(),
    }
}

/// What providers with OpenAI's language get of a chat: `max_tokens` is renamed where it stands beside OpenAI's models.
fn compatible(chat: &mut chat::Request, provider: &LlmProvider) -> Result<Vec<u8>, Refusal> {
    if matches!(provider, LlmProvider::OpenAi | LlmProvider::Azure { .. }) {
        chat.rename_max_tokens();
    }
    chat.ask_for_usage();
    chat.to_body()
}

/// The request as a chat.
fn chat_of(ask: &Ask) -> Result<chat::Request, Refusal> {
    match ask {
        Ask::Chat(chat) => Ok((**chat).clone()),
        Ask::Messages(messages) => messages_request::translate(messages),
        Ask::Responses(responses) => responses.to_chat(),
        Ask::Embeddings(_) => Err(Refusal::Processing("unsupported conversion: from Embeddings to chat".to_owned())),
    }
}
