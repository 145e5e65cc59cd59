//! Messages, as far as the proxy looks into them.

use crate::gateway::proxy::refusal::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};

/// A request for a message, or for the count of its tokens. The order of the fields is the order upstream.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Request {
    /// Messages, as they are.
    pub messages: Vec<Value>,
    /// Model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// What stands above all messages: a text or blocks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<Value>,
    /// Nucleus sampling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_p: Option<Number>,
    /// Temperature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<Number>,
    /// Whether the answer is to come as a stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream: Option<bool>,
    /// Longest answer, in tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<Number>,
    /// Everything else.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl Request {
    /// Reads a body; the texts of errors are part of the answer.
    pub fn parse(body: &[u8]) -> Result<Self, Refusal> {
        serde_json::from_slice(body).map_err(|error| Refusal::unparsable_request(&error))
    }

    /// All texts in it, for those who count.
    pub fn texts(&self) -> Vec<String> {
        let system = self.system.iter().map(text);
        system.chain(self.messages.iter().map(|message| text(&message["content"]))).collect()
    }
}

/// The text of a content: its own, or that of its blocks.
pub fn text(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(blocks) => blocks.iter().filter_map(|block| block.get("text")?.as_str()).collect(),
        _ => String::new(),
    }
}

/// The blocks of a content; a text is one block.
pub fn blocks(content: &Value) -> Vec<Value> {
    match content {
        Value::String(text) => vec![serde_json::json!({"type": "text", "text": text})],
        Value::Array(blocks) => blocks.clone(),
        _ => Vec::new(),
    }
}
