//! Requests for embeddings, as far as the proxy looks into them.

use crate::gateway::proxy::refusal::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// A request for embeddings. The order of the fields is the order upstream.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Request {
    /// Model.
    pub model: Option<String>,
    /// A text, or several.
    pub input: Value,
    /// Who asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// `float` or `base64`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding_format: Option<String>,
    /// Length of the vectors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dimensions: Option<u32>,
    /// Everything else.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl Request {
    /// Reads a body; the texts of errors are part of the answer.
    pub fn parse(body: &[u8]) -> Result<Self, Refusal> {
        serde_json::from_slice(body).map_err(|error| Refusal::unparsable_request(&error))
    }

    /// The inputs that are texts.
    pub fn texts(&self) -> Vec<&str> {
        match &self.input {
            Value::String(text) => vec![text],
            Value::Array(texts) => texts.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }
}

/// Vectors as a list of embeddings.
pub fn list(vectors: Vec<Value>, model: &str, tokens: u64) -> Vec<u8> {
    let embedding =
        |(index, vector): (usize, Value)| json!({"index": index, "object": "embedding", "embedding": vector});
    let data: Vec<Value> = vectors.into_iter().enumerate().map(embedding).collect();
    let usage = json!({"prompt_tokens": tokens, "total_tokens": tokens});
    json!({"object": "list", "model": model, "usage": usage, "data": data}).to_string().into_bytes()
}
