//! The input of a request: what was said and done so far.

use super::super::check::{missing, text_at, wrong_type, wrong_word};
use super::super::{Refusal, parts};
use serde_json::{Map, Value};

const ROLES: [&str; 4] = ["assistant", "system", "developer", "user"];
const ITEMS: [&str; 30] = [
    "message",
    "file_search_call",
    "computer_call",
    "computer_call_output",
    "web_search_call",
    "function_call",
    "function_call_output",
    "reasoning",
    "compaction",
    "image_generation_call",
    "code_interpreter_call",
    "local_shell_call",
    "local_shell_call_output",
    "shell_call",
    "shell_call_output",
    "apply_patch_call",
    "apply_patch_call_output",
    "mcp_list_tools",
    "mcp_approval_request",
    "mcp_approval_response",
    "mcp_call",
    "custom_tool_call",
    "custom_tool_call_output",
    "item_reference",
    "tool_search_call",
    "tool_search_output",
    "compaction_trigger",
    "additional_tools",
    "program",
    "program_output",
];
const INPUT_PARTS: [&str; 4] = ["input_text", "input_image", "input_file", "input_audio"];
const OUTPUT_PARTS: [&str; 2] = ["output_text", "refusal"];

/// An item as far as the mock looks at it.
pub(super) struct Turn {
    pub(super) is_user: bool,
    pub(super) text: String,
}

/// Reads the input; the refusal names the first item that is wrong.
pub(super) fn read(input: &Value, continues: bool) -> Result<Vec<Turn>, Refusal> {
    let items = match input {
        Value::Array(items) => items,
        Value::String(text) => return Ok(vec![Turn { is_user: true, text: text.clone() }]),
        other => return Err(wrong_type("input", "one of a string or array", other)),
    };
    let read = |(index, item)| read_item(&format!("input[{index}]"), item);
    let turns = items.iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
    if !continues {
        check_calls(items)?;
    }
    Ok(turns)
}

fn read_item(place: &str, item: &Value) -> Result<Turn, Refusal> {
    let Value::Object(fields) = item else { return Err(wrong_type(place, "an object", item)) };
    let kind = match fields.get("type") {
        None => "message",
        Some(Value::String(kind)) => kind,
        Some(other) => return Err(wrong_type(&format!("{place}.type"), "a string", other)),
    };
    let text = match kind {
        "message" => return message(place, fields),
        "function_call" => {
            text_at(place, "call_id", fields)?;
            text_at(place, "name", fields)?;
            text_at(place, "arguments", fields)?.to_owned()
        }
        "function_call_output" => {
            text_at(place, "call_id", fields)?;
            match fields.get("output") {
                None => return Err(missing(&format!("{place}.output"))),
                Some(Value::String(text)) => text.clone(),
                Some(parts @ Value::Array(_)) => content(&format!("{place}.output"), &INPUT_PARTS, parts)?,
                Some(other) => return Err(wrong_type(&format!("{place}.output"), "one of a string or array", other)),
            }
        }
        kind if ITEMS.contains(&kind) => String::new(),
        kind => return Err(wrong_word(&format!("{place}.type"), &ITEMS, kind)),
    };
    Ok(Turn { is_user: false, text })
}

fn message(place: &str, fields: &Map<String, Value>) -> Result<Turn, Refusal> {
    let role = text_at(place, "role", fields)?;
    if !ROLES.contains(&role) {
        return Err(wrong_word(&format!("{place}.role"), &ROLES, role));
    }
    let parts: &[&str] = if role == "assistant" { &OUTPUT_PARTS } else { &INPUT_PARTS };
    let text = match fields.get("content") {
        None => return Err(missing(&format!("{place}.content"))),
        Some(given) => content(&format!("{place}.content"), parts, given)?,
    };
    Ok(Turn { is_user: role == "user", text })
}

fn content(place: &str, known: &[&str], given: &Value) -> Result<String, Refusal> {
    match given {
        Value::String(text) => Ok(text.clone()),
        Value::Array(all) => {
            let read = |(index, part)| read_part(&format!("{place}[{index}]"), known, part);
            all.iter().enumerate().map(read).collect::<Result<Vec<_>, _>>().map(|texts| texts.concat())
        }
        other => Err(wrong_type(place, "one of a string or array of objects", other)),
    }
}

fn read_part<'a>(place: &str, known: &[&str], part: &'a Value) -> Result<&'a str, Refusal> {
    let Value::Object(fields) = part else { return Err(wrong_type(place, "an object", part)) };
    match text_at(place, "type", fields)? {
        kind if !known.contains(&kind) => Err(wrong_word(&format!("{place}.type"), known, kind)),
        "input_text" | "output_text" => text_at(place, "text", fields),
        "refusal" => text_at(place, "refusal", fields),
        "input_image" => {
            if let Some(url) = fields.get("image_url").and_then(Value::as_str) {
                parts::check_image(url)?;
            }
            Ok("")
        }
        _ => Ok(""),
    }
}

/// Every output belongs to a call, and every call has an output.
fn check_calls(items: &[Value]) -> Result<(), Refusal> {
    let ids = |kind: &str| -> Vec<&str> {
        items.iter().filter(|item| item["type"] == *kind).filter_map(|item| item["call_id"].as_str()).collect()
    };
    let (calls, outputs) = (ids("function_call"), ids("function_call_output"));
    let refuse = |message: String| Err(Refusal { code: None, ..Refusal::of_parameter("input", "", message) });
    if let Some(id) = outputs.iter().find(|id| !calls.contains(id)) {
        return refuse(format!("No tool call found for function call output with call_id {id}."));
    }
    match calls.iter().find(|id| !outputs.contains(id)) {
        Some(id) => refuse(format!("No tool output found for function call {id}.")),
        None => Ok(()),
    }
}
