//! The object of a response.

use super::ResponseRequest;
use super::output::items;
use crate::mock::cue::Cue;
use crate::mock::reply::{Ending, Said};
use serde_json::{Map, Value, json};

/// What stands in the answer as it came in the request, and what stands there when it did not come.
fn echoed() -> [(&'static str, Value); 19] {
    [
        ("background", json!(false)),
        ("instructions", Value::Null),
        ("max_output_tokens", Value::Null),
        ("max_tool_calls", Value::Null),
        ("parallel_tool_calls", json!(true)),
        ("previous_response_id", Value::Null),
        ("prompt_cache_key", Value::Null),
        ("prompt_cache_retention", Value::Null),
        ("reasoning", json!({ "effort": null, "summary": null })),
        ("safety_identifier", Value::Null),
        ("service_tier", json!("default")),
        ("temperature", json!(1.0)),
        ("text", json!({ "format": { "type": "text" }, "verbosity": "medium" })),
        ("tool_choice", json!("auto")),
        ("tools", json!([])),
        ("top_logprobs", json!(0)),
        ("top_p", json!(1.0)),
        ("truncation", json!("disabled")),
        ("metadata", json!({})),
    ]
}

/// The object before anything has been said.
pub(super) fn begun(request: &ResponseRequest, cue: &Cue) -> Map<String, Value> {
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| {
        object.insert(name.to_owned(), value);
    };
    put("id", cue.seed.id("resp_").into());
    put("object", "response".into());
    put("created_at", cue.seed.created().into());
    put("status", "in_progress".into());
    put("completed_at", Value::Null);
    put("error", Value::Null);
    put("incomplete_details", Value::Null);
    put("model", request.model.as_str().into());
    put("output", json!([]));
    for (name, usual) in echoed() {
        let given = request.fields.get(name).filter(|value| !value.is_null());
        put(name, given.map_or(usual, |given| completed(name, given)));
    }
    if let Some(user) = request.fields.get("user").filter(|user| user.is_string()) {
        put("user", user.clone());
    }
    object
}

/// A field of the request as the answer shows it.
fn completed(name: &str, given: &Value) -> Value {
    let mut value = given.clone();
    match (name, &mut value) {
        ("service_tier", value) if *value == "auto" => *value = "default".into(),
        ("text", Value::Object(text)) => {
            text.entry("format").or_insert(json!({ "type": "text" }));
            text.entry("verbosity").or_insert(json!("medium"));
        }
        ("reasoning", Value::Object(reasoning)) => {
            reasoning.entry("effort").or_insert(Value::Null);
            reasoning.entry("summary").or_insert(Value::Null);
        }
        ("tools", Value::Array(tools)) => tools.iter_mut().for_each(complete_tool),
        _ => {}
    }
    value
}

fn complete_tool(tool: &mut Value) {
    if tool["type"] != "function" {
        return;
    }
    if let Value::Object(tool) = tool {
        tool.entry("description").or_insert(Value::Null);
        tool.entry("strict").or_insert(true.into());
        tool.entry("parameters").or_insert(json!({ "type": "object", "properties": {} }));
    }
}

/// The object after everything has been said.
pub(super) fn finished(request: &ResponseRequest, said: &Said, cue: &Cue) -> Value {
    let mut object = begun(request, cue);
    let reason = match said.finish.as_deref() {
        Some("max_output_tokens" | "length") => Some("max_output_tokens"),
        Some("content_filter") => Some("content_filter"),
        Some(_) => None,
        None => (said.ending == Ending::Limit).then_some("max_output_tokens"),
    };
    let is_failed = said.finish.as_deref() == Some("failed");
    let status = match reason {
        _ if is_failed => "failed",
        Some(_) => "incomplete",
        None => "completed",
    };
    object["status"] = status.into();
    object["output"] = items(request, said, cue).into();
    object.insert("usage".to_owned(), usage(said));
    if is_failed {
        object["error"] = json!({ "code": "server_error", "message": "The model failed to generate a response." });
    }
    if let Some(reason) = reason {
        object["incomplete_details"] = json!({ "reason": reason });
    } else if !is_failed {
        object["completed_at"] = cue.seed.created().saturating_add(1).into();
    }
    object.into()
}

fn usage(said: &Said) -> Value {
    let usage = said.usage;
    json!({
        "input_tokens": usage.input,
        "input_tokens_details": { "cached_tokens": usage.cached, "cache_write_tokens": usage.cache_written },
        "output_tokens": usage.output,
        "output_tokens_details": { "reasoning_tokens": usage.reasoning },
        "total_tokens": usage.input.saturating_add(usage.output),
    })
}
