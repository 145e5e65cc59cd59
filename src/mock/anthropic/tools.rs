//! The tools of a request, and which of them the assistant has to call.

use super::fields::{Fields, required_at, text_at, unknown_tag, wrong};
use super::refusal::Refusal;
use crate::mock::reply::{Choice, Tool};
use serde_json::Value;

const LONGEST_NAME: usize = 128;
const CHOICES: [&str; 4] = ["auto", "any", "tool", "none"];
/// What the names of the tools begin with that the vendor has defined.
const DEFINED: [&str; 10] = [
    "bash_",
    "code_execution_",
    "browser_toolset_",
    "memory_",
    "computer_",
    "text_editor_",
    "web_search_",
    "web_fetch_",
    "tool_search_tool_",
    "mcp_toolset",
];

/// Reads `tools`; those that the vendor has defined cannot be called by this mock without a script.
pub(super) fn read(given: Option<&Value>) -> Result<Vec<Tool>, Refusal> {
    let given = given.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let read = |(index, tool): (usize, &Value)| read_one(index, tool).transpose();
    let tools = given.iter().enumerate().filter_map(read).collect::<Result<Vec<_>, _>>()?;
    let repeats = |place: usize| tools[..place].iter().any(|earlier: &Tool| earlier.name == tools[place].name);
    match (0..tools.len()).any(repeats) {
        true => Err(Refusal::invalid("tools: Tool names must be unique.")),
        false => Ok(tools),
    }
}

fn read_one(index: usize, tool: &Value) -> Result<Option<Tool>, Refusal> {
    let Value::Object(fields) = tool else { return Err(wrong(&format!("tools.{index}"), "dictionary")) };
    match fields.get("type").and_then(Value::as_str) {
        None | Some("custom") => {}
        Some(kind) if DEFINED.iter().any(|known| kind.starts_with(known)) => return Ok(None),
        Some(kind) => return Err(unknown_tag(&format!("tools.{index}"), kind, &["custom", "bash_20250124", "…"])),
    }
    let place = format!("tools.{index}.custom");
    let name = text_at(fields, "name", &place)?;
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
    if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(is_letter) {
        let message = format!("{place}.name: String should match pattern '^[a-zA-Z0-9_-]{{1,128}}$'");
        return Err(Refusal::invalid(message));
    }
    let schema = required_at(fields, "input_schema", &format!("{place}.input_schema"))?;
    let Value::Object(inner) = schema else { return Err(wrong(&format!("{place}.input_schema"), "dictionary")) };
    let kind = required_at(inner, "type", &format!("{place}.input_schema.type"))?;
    if kind != "object" {
        return Err(Refusal::invalid(format!("{place}.input_schema.type: Input should be 'object'")));
    }
    if jsonschema::validator_for(schema).is_err() {
        return Err(Refusal::invalid(format!(
            "{place}.input_schema: JSON schema is invalid. It must match JSON Schema draft 2020-12"
        )));
    }
    Ok(Some(Tool { name: name.to_owned(), schema: schema.clone() }))
}

/// Reads `tool_choice`; the tools that may not be called are taken out.
pub(super) fn choice(given: Option<&Value>, tools: &mut Vec<Tool>) -> Result<Choice, Refusal> {
    let Some(Value::Object(fields)) = given else { return Ok(Choice::Free) };
    let kind = text_at(fields, "type", "tool_choice")?;
    check_choice(fields, kind)?;
    if tools.is_empty() && kind != "none" {
        return Err(Refusal::invalid("tool_choice may only be specified while providing tools"));
    }
    match kind {
        "auto" => Ok(Choice::Free),
        "any" => Ok(Choice::Any),
        "none" => {
            tools.clear();
            Ok(Choice::Free)
        }
        _ => {
            let name = text_at(fields, "name", "tool_choice.tool")?;
            match tools.iter().any(|tool| tool.name == name) {
                true => Ok(Choice::Named(name.to_owned())),
                false => Err(Refusal::invalid(format!("Tool '{name}' not found in provided tools"))),
            }
        }
    }
}

fn check_choice(fields: &Fields, kind: &str) -> Result<(), Refusal> {
    if !CHOICES.contains(&kind) {
        return Err(unknown_tag("tool_choice", kind, &CHOICES));
    }
    let known: &[&str] = match kind {
        "tool" => &["type", "name", "disable_parallel_tool_use"],
        "none" => &["type"],
        _ => &["type", "disable_parallel_tool_use"],
    };
    match fields.keys().find(|name| !known.contains(&name.as_str())) {
        Some(extra) => Err(Refusal::invalid(format!("tool_choice.{kind}.{extra}: Extra inputs are not permitted"))),
        None => Ok(()),
    }
}

/// The texts of a list.
pub(super) fn texts(given: Option<&Value>) -> Vec<String> {
    let all = given.and_then(Value::as_array).into_iter().flatten();
    all.filter_map(Value::as_str).map(str::to_owned).collect()
}
