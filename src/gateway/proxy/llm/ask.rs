//! What a client asks for.

use super::{
    anthropic::messages,
    openai::{chat, embeddings, responses},
};
use crate::gateway::{proxy::refusal::Refusal, table::LlmRoute};
use serde::Serialize;

/// A request of a client, in the language of its route.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Ask {
    /// Chat completions.
    Chat(Box<chat::Request>),
    /// Messages, or the count of their tokens.
    Messages(Box<messages::Request>),
    /// Responses.
    Responses(Box<responses::Request>),
    /// Embeddings.
    Embeddings(Box<embeddings::Request>),
}

impl Ask {
    /// Reads a body. Routes that have no language of their own are chat completions.
    pub fn parse(route: LlmRoute, body: &[u8]) -> Result<Self, Refusal> {
        Ok(match route {
            LlmRoute::Messages | LlmRoute::TokenCount => Self::Messages(Box::new(messages::Request::parse(body)?)),
            LlmRoute::Responses => Self::Responses(Box::new(responses::Request::parse(body)?)),
            LlmRoute::Embeddings => Self::Embeddings(Box::new(embeddings::Request::parse(body)?)),
            _ => Self::Chat(Box::new(chat::Request::parse(body)?)),
        })
    }

    fn model_field(&mut self) -> &mut Option<String> {
        match self {
            Self::Chat(chat) => &mut chat.model,
            Self::Messages(messages) => &mut messages.model,
            Self::Responses(responses) => &mut responses.model,
            Self::Embeddings(embeddings) => &mut embeddings.model,
        }
    }

    /// Settles the model: the backend's, else the client's.
    pub fn choose_model(&mut self, backend: Option<&str>) -> Result<String, Refusal> {
        let field = self.model_field();
        if let Some(model) = backend {
            *field = Some(model.to_owned());
        }
        field.clone().ok_or_else(|| Refusal::Processing("missing field: model not specified".to_owned()))
    }

    /// Whether the answer is to come as a stream.
    pub fn streams(&self) -> bool {
        let flag = match self {
            Self::Chat(chat) => chat.stream,
            Self::Messages(messages) => messages.stream,
            Self::Responses(responses) => responses.stream,
            Self::Embeddings(_) => None,
        };
        flag == Some(true)
    }

    /// Temperature and longest answer, for the access log.
    pub fn limits(&self) -> (Option<String>, Option<u64>) {
        let (temperature, most) = match self {
            Self::Chat(chat) => (&chat.temperature, chat.max_completion_tokens.as_ref().or(chat.max_tokens.as_ref())),
            Self::Messages(messages) => (&messages.temperature, messages.max_tokens.as_ref()),
            Self::Responses(responses) => (&responses.temperature, responses.max_output_tokens.as_ref()),
            Self::Embeddings(_) => return (None, None),
        };
        (temperature.as_ref().map(ToString::to_string), most.and_then(serde_json::Number::as_u64))
    }

    /// The request in its own language.
    pub fn to_body(&self) -> Result<Vec<u8>, Refusal> {
        serde_json::to_vec(self).map_err(|error| Refusal::Processing(format!("failed to marshal request: {error}")))
    }
}
