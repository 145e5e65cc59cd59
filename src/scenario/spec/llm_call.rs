//! Calls of LLM APIs.

use crate::exchange::TokenWish;
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::{Map, Value};

/// The API that a call speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// OpenAI's chat completions.
    Chat,
    /// Anthropic's messages.
    Messages,
    /// OpenAI's responses.
    Responses,
    /// OpenAI's embeddings.
    Embeddings,
}

impl Dialect {
    /// The path that a call takes unless it names one.
    pub fn path(self) -> &'static str {
        match self {
            Self::Chat => "/v1/chat/completions",
            Self::Messages => "/v1/messages",
            Self::Responses => "/v1/responses",
            Self::Embeddings => "/v1/embeddings",
        }
    }

    /// Its name in scenario files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Messages => "messages",
            Self::Responses => "responses",
            Self::Embeddings => "embeddings",
        }
    }
}

/// A call of an LLM API. What it says is put where the API has a place for it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct LlmCall {
    /// Path; left out: that of the API.
    pub path: Option<String>,
    /// Host; left out: the scenario's own.
    pub host: Option<String>,
    /// Model; left out: the body names none.
    pub model: Option<String>,
    /// What the system says.
    pub system: Option<String>,
    /// What the user says; of embeddings, the input.
    pub user: String,
    /// The whole conversation, instead of `system` and `user`.
    pub messages: Vec<Value>,
    /// Whether the answer is a stream.
    pub stream: bool,
    /// Most tokens of the answer; messages always send it, 64 unless said otherwise.
    pub max_tokens: Option<u32>,
    /// Sent as `Authorization: Bearer`.
    pub key: Option<String>,
    /// A token of the mocks' identity provider, sent in the place of a key.
    pub token: Option<TokenWish>,
    /// More headers.
    pub headers: IndexMap<String, String>,
    /// More fields of the body; they win over the others.
    pub more: Map<String, Value>,
    /// A Gateway of the scenario's own.
    pub gateway: Option<String>,
}
