//! Anthropic's Messages as Vertex AI takes them. Source: facts/proxy.md 3.1.

use crate::gateway::proxy::refusal::Refusal;
use serde_json::{Map, Value};

const VERSION: &str = "vertex-2023-10-16";

/// A body of Messages with the version that Vertex AI demands; the model stands in the path, unless tokens are counted.
pub fn body(messages: &[u8], keeps_model: bool) -> Result<Vec<u8>, Refusal> {
    let parsed: Result<Map<String, Value>, _> = serde_json::from_slice(messages);
    let mut fields = parsed.map_err(|error| Refusal::unparsable_request(&error))?;
    fields.insert("anthropic_version".to_owned(), VERSION.into());
    if !keeps_model {
        fields.shift_remove("model");
    }
    fields.shift_remove("output_format");
    serde_json::to_vec(&fields).map_err(|error| Refusal::Processing(format!("failed to marshal request: {error}")))
}
