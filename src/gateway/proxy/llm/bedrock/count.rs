//! The count of a request's tokens. Source: facts/conformance.md B.3 BDR-12.

use crate::gateway::proxy::{llm::anthropic::messages, refusal::Refusal};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

const VERSION: &str = "bedrock-2023-05-31";

/// The request: Anthropic's body as Bedrock would be invoked with it.
pub fn request(request: &messages::Request) -> Result<Vec<u8>, Refusal> {
    let marshal = |error: serde_json::Error| Refusal::Processing(format!("failed to marshal request: {error}"));
    let mut inner = serde_json::to_value(request).map_err(marshal)?;
    if let Some(fields) = inner.as_object_mut() {
        fields.shift_remove("model");
        fields.entry("max_tokens").or_insert_with(|| 1.into());
        fields.insert("anthropic_version".to_owned(), VERSION.into());
    }
    let body = STANDARD.encode(inner.to_string());
    Ok(json!({"input": {"invokeModel": {"body": body}}}).to_string().into_bytes())
}

/// The count in Anthropic's words.
pub fn answer(body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let answer: Value = serde_json::from_slice(body).map_err(|error| Refusal::unparsable_response(&error))?;
    Ok(json!({"input_tokens": answer["inputTokens"]}).to_string().into_bytes())
}
