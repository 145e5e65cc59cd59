//! The tools of a request, and which of them the assistant has to call.

use super::Refusal;
use super::check::{missing, text_at, wrong_type, wrong_word};
use super::inner::empty;
use crate::mock::reply::{Choice, Tool};
use serde_json::{Map, Value, json};

const MOST_TOOLS: usize = 128;
const LONGEST_NAME: usize = 64;

/// Reads `tools` of a chat completion.
pub(super) fn read(request: &Map<String, Value>) -> Result<Vec<Tool>, Refusal> {
    let Some(tools) = request.get("tools").and_then(Value::as_array) else { return Ok(Vec::new()) };
    if tools.is_empty() {
        return Err(empty("tools"));
    }
    check_count("tools", tools.len())?;
    tools.iter().enumerate().map(|(index, tool)| read_one(&format!("tools[{index}]"), tool)).collect()
}

/// Refuses too many tools.
pub(super) fn check_count(name: &str, count: usize) -> Result<(), Refusal> {
    if count <= MOST_TOOLS {
        return Ok(());
    }
    let message = format!(
        "Invalid '{name}': array too long. Expected an array with maximum length {MOST_TOOLS}, but got an array with \
         length {count} instead."
    );
    Err(Refusal::of_parameter(name, "array_above_max_length", message))
}

fn read_one(place: &str, tool: &Value) -> Result<Tool, Refusal> {
    let Value::Object(fields) = tool else { return Err(wrong_type(place, "an object", tool)) };
    let kind = text_at(place, "type", fields)?;
    if !["function", "custom"].contains(&kind) {
        return Err(wrong_word(&format!("{place}.type"), &["function", "custom"], kind));
    }
    let inner = format!("{place}.{kind}");
    match fields.get(kind) {
        None => Err(missing(&inner)),
        Some(Value::Object(function)) => function_of(&inner, function),
        Some(other) => Err(wrong_type(&inner, "an object", other)),
    }
}

/// Reads a function: its name, and the schema of its parameters.
pub(super) fn function_of(place: &str, function: &Map<String, Value>) -> Result<Tool, Refusal> {
    let name = text_at(place, "name", function)?;
    check_name(&format!("{place}.name"), name)?;
    let schema = match function.get("parameters") {
        None | Some(Value::Null) => json!({ "type": "object", "properties": {} }),
        Some(schema @ Value::Object(_)) => schema.clone(),
        Some(other) => return Err(wrong_type(&format!("{place}.parameters"), "an object", other)),
    };
    let refuse = |message: String| {
        let message = format!("Invalid schema for function '{name}': {message}");
        Err(Refusal::of_parameter(&format!("{place}.parameters"), "invalid_function_parameters", message))
    };
    let kind = schema.get("type").map_or("\"None\"".to_owned(), Value::to_string);
    if function.contains_key("parameters") && schema != json!({}) && kind != "\"object\"" {
        return refuse(format!("schema must be a JSON Schema of 'type: \"object\"', got 'type: {kind}'."));
    }
    if function.get("strict") == Some(&true.into())
        && let Some(message) = not_strict(&schema, &mut Vec::new())
    {
        return refuse(message);
    }
    Ok(Tool { name: name.to_owned(), schema })
}

/// Refuses names of functions and formats that are too long or have other characters.
pub(super) fn check_name(place: &str, name: &str) -> Result<(), Refusal> {
    if name.is_empty() {
        let message = format!(
            "Invalid '{place}': empty string. Expected a string with minimum length 1, but got an empty string instead."
        );
        return Err(Refusal::of_parameter(place, "empty_string", message));
    }
    if name.chars().count() > LONGEST_NAME {
        let message = format!(
            "Invalid '{place}': string too long. Expected a string with maximum length {LONGEST_NAME}, but got a \
             string with length {} instead.",
            name.chars().count()
        );
        return Err(Refusal::of_parameter(place, "string_above_max_length", message));
    }
    if !name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-') {
        let message = format!(
            "Invalid '{place}': string does not match pattern. Expected a string that matches the pattern \
             '^[a-zA-Z0-9_-]+$'."
        );
        return Err(Refusal::of_parameter(place, "invalid_value", message));
    }
    Ok(())
}

/// What a schema lacks to be followed strictly: every object names all its properties as required and allows no others.
pub(super) fn not_strict(schema: &Value, path: &mut Vec<String>) -> Option<String> {
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        if schema.get("additionalProperties") != Some(&false.into()) {
            let context = context(path);
            return Some(format!(
                "In context={context}, 'additionalProperties' is required to be supplied and to be false."
            ));
        }
        let required = schema.get("required").and_then(Value::as_array);
        let is_required = |name: &String| required.is_some_and(|all| all.iter().any(|one| one == name.as_str()));
        if let Some(name) = properties.keys().find(|name| !is_required(name)) {
            return Some(format!(
                "In context={}, 'required' is required to be supplied and to be an array including every key in \
                 properties. Missing '{name}'.",
                context(path)
            ));
        }
    }
    let named = ["properties", "$defs", "definitions"].into_iter().filter_map(|key| {
        Some(schema.get(key)?.as_object()?.iter().map(move |(name, inner)| (vec![key.to_owned(), name.clone()], inner)))
    });
    let listed = ["anyOf"].into_iter().filter_map(|key| {
        let all = schema.get(key)?.as_array()?;
        Some(all.iter().enumerate().map(move |(index, inner)| (vec![key.to_owned(), index.to_string()], inner)))
    });
    let items = schema.get("items").map(|inner| (vec!["items".to_owned()], inner));
    named.flatten().chain(listed.flatten()).chain(items).find_map(|(steps, inner)| {
        let depth = path.len();
        path.extend(steps);
        let found = not_strict(inner, path);
        path.truncate(depth);
        found
    })
}

fn context(path: &[String]) -> String {
    let quoted: Vec<String> = path.iter().map(|step| format!("'{step}'")).collect();
    match quoted.as_slice() {
        [one] => format!("({one},)"),
        all => format!("({})", all.join(", ")),
    }
}

/// Reads `tool_choice`; the tools that may not be called are taken out.
pub(super) fn choice(given: Option<&Value>, tools: &mut Vec<Tool>) -> Result<Choice, Refusal> {
    let words = ["none", "auto", "required"];
    match given {
        None | Some(Value::Null) => Ok(Choice::Free),
        Some(Value::String(word)) => match word.as_str() {
            "auto" => Ok(Choice::Free),
            "required" => Ok(Choice::Any),
            "none" => {
                tools.clear();
                Ok(Choice::Free)
            }
            other => Err(wrong_word("tool_choice", &words, other)),
        },
        Some(Value::Object(fields)) => named(fields, tools),
        Some(other) => Err(wrong_type("tool_choice", "one of a string or object", other)),
    }
}

fn named(fields: &Map<String, Value>, tools: &[Tool]) -> Result<Choice, Refusal> {
    let kind = text_at("tool_choice", "type", fields)?;
    if kind == "allowed_tools" {
        let holder = fields.get(kind).and_then(Value::as_object).unwrap_or(fields);
        let is_required = holder.get("mode").is_some_and(|mode| mode == "required");
        return Ok(if is_required { Choice::Any } else { Choice::Free });
    }
    if !["function", "custom"].contains(&kind) {
        return Ok(Choice::Free);
    }
    // The Responses API has the name beside the type, chat completions have it one level deeper.
    let name = match fields.get(kind) {
        Some(Value::Object(inner)) => text_at(&format!("tool_choice.{kind}"), "name", inner)?,
        Some(other) => return Err(wrong_type(&format!("tool_choice.{kind}"), "an object", other)),
        None if fields.contains_key("name") => text_at("tool_choice", "name", fields)?,
        None => return Err(missing(&format!("tool_choice.{kind}"))),
    };
    if tools.iter().any(|tool| tool.name == name) {
        return Ok(Choice::Named(name.to_owned()));
    }
    let message = format!("Tool choice '{kind}' not found in 'tools' parameter.");
    Err(Refusal { code: None, ..Refusal::of_parameter("tool_choice", "", message) })
}
