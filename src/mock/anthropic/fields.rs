//! The fields of a request.

use super::refusal::Refusal;
use serde_json::{Map, Value};

/// The fields of an object.
pub(super) type Fields = Map<String, Value>;

/// Every field that is known where tokens are counted.
const COUNTED: [&str; 10] = [
    "model",
    "messages",
    "cache_control",
    "context_management",
    "mcp_servers",
    "output_config",
    "speed",
    "system",
    "thinking",
    "tool_choice",
];
/// Further fields of a request for a message; tools are known in both.
const FURTHER: [&str; 13] = [
    "diagnostics",
    "tools",
    "max_tokens",
    "container",
    "inference_geo",
    "metadata",
    "service_tier",
    "stop_sequences",
    "stream",
    "temperature",
    "top_k",
    "top_p",
    "user_profile_id",
];

/// The JSON object in the body of a request.
pub(super) fn object(body: &[u8]) -> Result<Fields, Refusal> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(Refusal::invalid("Input should be a valid dictionary")),
        Err(failure) => Err(Refusal::invalid(format!("The request body is not valid JSON: {failure}"))),
    }
}

/// A field that has to be there.
pub(super) fn required<'a>(fields: &'a Fields, name: &str) -> Result<&'a Value, Refusal> {
    required_at(fields, name, name)
}

/// A field that has to be there, with the place that the refusal names.
pub(super) fn required_at<'a>(fields: &'a Fields, name: &str, place: &str) -> Result<&'a Value, Refusal> {
    fields.get(name).ok_or_else(|| Refusal::invalid(format!("{place}: Field required")))
}

/// A field that has to be a text, with the place that the refusal names.
pub(super) fn text_at<'a>(fields: &'a Fields, name: &str, place: &str) -> Result<&'a str, Refusal> {
    let place = format!("{place}.{name}");
    required_at(fields, name, &place)?.as_str().ok_or_else(|| wrong(&place, "string"))
}

/// A value of the wrong type.
pub(super) fn wrong(place: &str, kind: &str) -> Refusal {
    Refusal::invalid(format!("{place}: Input should be a valid {kind}"))
}

/// A tag that is none of those that are known.
pub(super) fn unknown_tag(place: &str, tag: &str, known: &[&str]) -> Refusal {
    let known: Vec<String> = known.iter().map(|tag| format!("'{tag}'")).collect();
    let shown: String = tag.chars().take(100).collect();
    Refusal::invalid(format!(
        "{place}: Input tag '{shown}' found using 'type' does not match any of the expected tags: {}",
        known.join(", ")
    ))
}

/// A whole number that is not too small.
pub(super) fn integer(place: &str, value: &Value, least: i64) -> Result<u64, Refusal> {
    match value.as_i64() {
        Some(number) if number >= least => Ok(number.unsigned_abs()),
        Some(_) => Err(Refusal::invalid(format!("{place}: Input should be greater than or equal to {least}"))),
        None => Err(wrong(place, "integer")),
    }
}

/// Refuses fields that are unknown or of the wrong type.
pub(super) fn check(request: &Fields, is_answered: bool) -> Result<(), Refusal> {
    for (name, value) in request {
        let name = name.as_str();
        let is_known = COUNTED.contains(&name) || name == "tools" || (is_answered && FURTHER.contains(&name));
        if !is_known {
            return Err(Refusal::invalid(format!("{name}: Extra inputs are not permitted")));
        }
        match name {
            "stream" if !value.is_boolean() => return Err(wrong(name, "boolean")),
            "tools" | "mcp_servers" if !value.is_array() => return Err(wrong(name, "list")),
            "tool_choice" | "metadata" | "thinking" | "output_config" | "context_management" if !value.is_object() => {
                return Err(wrong(name, "dictionary"));
            }
            "stop_sequences" => stop_sequences(value)?,
            "service_tier" => word(name, value, &["auto", "standard_only"])?,
            "speed" => word(name, value, &["standard", "fast"])?,
            "metadata" => metadata(value)?,
            "output_config" => output_config(value)?,
            "top_k" => {
                integer(name, value, 0)?;
            }
            "temperature" | "top_p" => share(name, value)?,
            _ => {}
        }
    }
    Ok(())
}

fn word(place: &str, value: &Value, known: &[&str]) -> Result<(), Refusal> {
    if value.is_null() || value.as_str().is_some_and(|word| known.contains(&word)) {
        return Ok(());
    }
    let known: Vec<String> = known.iter().map(|word| format!("'{word}'")).collect();
    Err(Refusal::invalid(format!("{place}: Input should be {}", known.join(" or "))))
}

fn stop_sequences(value: &Value) -> Result<(), Refusal> {
    let all = value.as_array().ok_or_else(|| wrong("stop_sequences", "list"))?;
    for (index, stop) in all.iter().enumerate() {
        let stop = stop.as_str().ok_or_else(|| wrong(&format!("stop_sequences.{index}"), "string"))?;
        if stop.trim().is_empty() {
            return Err(Refusal::invalid("stop_sequences: each stop sequence must contain non-whitespace"));
        }
    }
    Ok(())
}

fn metadata(value: &Value) -> Result<(), Refusal> {
    match value.as_object().and_then(|fields| fields.keys().find(|name| *name != "user_id")) {
        Some(extra) => Err(Refusal::invalid(format!("metadata.{extra}: Extra inputs are not permitted"))),
        None => Ok(()),
    }
}

fn output_config(value: &Value) -> Result<(), Refusal> {
    if let Some(effort) = value.get("effort") {
        word("output_config.effort", effort, &["low", "medium", "high", "xhigh", "max"])?;
    }
    let Some(Value::Object(format)) = value.get("format") else { return Ok(()) };
    let place = "output_config.format";
    match text_at(format, "type", place)? {
        "json_schema" => {}
        other => return Err(unknown_tag(place, other, &["json_schema"])),
    }
    let schema = required_at(format, "schema", "output_config.format.schema")?;
    if !schema.is_object() || jsonschema::validator_for(schema).is_err() {
        return Err(Refusal::invalid("output_config.format.schema: Input should be a valid JSON Schema"));
    }
    match schema.get("type").is_some_and(|kind| kind == "object") && schema.get("additionalProperties").is_none() {
        true => Err(Refusal::invalid(
            "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false",
        )),
        false => Ok(()),
    }
}

/// A number between 0 and 1.
fn share(name: &str, value: &Value) -> Result<(), Refusal> {
    match value.as_f64() {
        None => Err(wrong(name, "number")),
        Some(number) if !(0.0..=1.0).contains(&number) => Err(Refusal::invalid(format!("{name}: range: 0..1"))),
        Some(_) => Ok(()),
    }
}
