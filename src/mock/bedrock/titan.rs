//! Titan's embeddings.

use super::refusal::Refusal;
use crate::mock::answer::prompt_cost;
use crate::mock::invent::vector;
use serde_json::{Map, Value, json};

/// The answer to a request, and what its text costs.
pub(super) fn embed(model: &str, request: &Map<String, Value>) -> Result<(Value, u64), Refusal> {
    let is_second = model.contains("v2");
    let known: &[&str] =
        if is_second { &["inputText", "dimensions", "normalize", "embeddingTypes"] } else { &["inputText"] };
    if let Some(name) = request.keys().find(|name| !known.contains(&name.as_str())) {
        return Err(malformed(&format!("#: extraneous key [{name}] is not permitted")));
    }
    let text = match request.get("inputText") {
        Some(Value::String(text)) if !text.is_empty() => text,
        Some(Value::String(_)) => return Err(malformed("#/inputText: expected minLength: 1, actual: 0")),
        Some(other) => return Err(malformed(&format!("#/inputText: expected type: String, found: {}", kind(other)))),
        None => return Err(malformed("#: required key [inputText] not found")),
    };
    let dimensions = match request.get("dimensions").map(Value::as_u64) {
        None if is_second => 1_024,
        None => 1_536,
        Some(Some(wanted @ (256 | 512 | 1_024))) => wanted as usize,
        Some(_) => return Err(malformed("#/dimensions: not a valid enum value")),
    };
    let (values, cost) = (vector(text, dimensions), prompt_cost([text.as_str()]) - 1);
    let mut body = json!({ "embedding": values, "inputTextTokenCount": cost });
    if is_second {
        body["embeddingsByType"] = json!({ "float": values });
    }
    Ok((body, cost))
}

/// What is said of a body that does not fit its model.
pub(super) fn malformed(what: &str) -> Refusal {
    Refusal::invalid(format!("Malformed input request: {what}, please reformat your input and try again."))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "Null",
        Value::Bool(_) => "Boolean",
        Value::Number(number) if number.is_f64() => "Number",
        Value::Number(_) => "Integer",
        Value::String(_) => "String",
        Value::Array(_) => "JSONArray",
        Value::Object(_) => "JSONObject",
    }
}
