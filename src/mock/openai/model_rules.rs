//! What models that think before they speak do not take.

use super::Refusal;
use serde_json::{Map, Value};

const THINKERS: [&str; 4] = ["o1", "o3", "o4", "gpt-5"];
/// Parameters that have one value only.
const FIXED: [(&str, f64); 4] =
    [("temperature", 1.0), ("top_p", 1.0), ("presence_penalty", 0.0), ("frequency_penalty", 0.0)];

/// Whether a model thinks before it speaks.
pub(super) fn is_thinker(model: &str) -> bool {
    let is_one =
        |name: &str| model.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '.']));
    THINKERS.iter().any(|name| is_one(name)) && !model.contains("chat")
}

/// Refuses parameters that the model does not take.
pub(super) fn check(model: &str, request: &Map<String, Value>) -> Result<(), Refusal> {
    if !is_thinker(model) {
        return Ok(());
    }
    if request.get("max_tokens").is_some_and(|value| !value.is_null()) {
        let message = "Unsupported parameter: 'max_tokens' is not supported with this model. Use \
                       'max_completion_tokens' instead.";
        return Err(Refusal::of_parameter("max_tokens", "unsupported_parameter", message));
    }
    for (name, only) in FIXED {
        let Some(given) = request.get(name).filter(|value| value.as_f64().is_some_and(|value| value != only)) else {
            continue;
        };
        let message = format!(
            "Unsupported value: '{name}' does not support {given} with this model. Only the default ({only}) value is \
             supported."
        );
        return Err(Refusal::of_parameter(name, "unsupported_value", message));
    }
    Ok(())
}
