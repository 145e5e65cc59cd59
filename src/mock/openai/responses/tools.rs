//! The tools of a request.

use super::super::check::{text_at, wrong_type, wrong_word};
use super::super::{Refusal, tools};
use crate::mock::reply::Tool;
use serde_json::{Map, Value};

const KINDS: [&str; 22] = [
    "function",
    "file_search",
    "computer",
    "computer_use_preview",
    "web_search",
    "web_search_2025_08_26",
    "web_search_preview",
    "web_search_preview_2025_03_11",
    "mcp",
    "code_interpreter",
    "image_generation",
    "local_shell",
    "shell",
    "custom",
    "namespace",
    "tool_search",
    "apply_patch",
    "programmatic_tool_calling",
    "local_computer",
    "skill",
    "computer-preview",
    "web_search_preview_2025_08_26",
];

/// Reads `tools`; those that the vendor runs itself are known by their type only.
pub(super) fn read(request: &Map<String, Value>) -> Result<Vec<Tool>, Refusal> {
    let given = request.get("tools").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    tools::check_count("tools", given.len())?;
    let read = |(index, tool): (usize, &Value)| read_one(&format!("tools[{index}]"), tool).transpose();
    given.iter().enumerate().filter_map(read).collect()
}

fn read_one(place: &str, tool: &Value) -> Result<Option<Tool>, Refusal> {
    let Value::Object(fields) = tool else { return Err(wrong_type(place, "an object", tool)) };
    match text_at(place, "type", fields)? {
        "function" => tools::function_of(place, fields).map(Some),
        "custom" => text_at(place, "name", fields).map(|_| None),
        kind if KINDS.contains(&kind) => Ok(None),
        kind => Err(wrong_word(&format!("{place}.type"), &KINDS[..18], kind)),
    }
}
