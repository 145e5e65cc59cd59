//! What stands inside parameters that are objects or lists.

use super::Refusal;
use super::check::{missing, wrong_type, wrong_word};
use serde_json::Value;

/// Fields that an object has to have.
const NEEDED: [(&str, &[&str]); 6] = [
    ("audio", &["voice", "format"]),
    ("conversation", &["id"]),
    ("function_call", &["name"]),
    ("moderation", &["model"]),
    ("prediction", &["type", "content"]),
    ("prompt", &["id"]),
];
/// Lists that take these words only.
const WORDS: [(&str, &[&str]); 2] = [
    ("modalities", &["text", "audio"]),
    (
        "include",
        &[
            "file_search_call.results",
            "web_search_call.results",
            "web_search_call.action.sources",
            "message.input_image.image_url",
            "computer_call_output.output.image_url",
            "code_interpreter_call.outputs",
            "reasoning.encrypted_content",
            "message.output_text.logprobs",
        ],
    ),
];
/// Lists that have something in them.
const FILLED: [&str; 3] = ["context_management", "functions", "stop"];

/// Refuses an object that lacks a field, an empty list, and unknown words in a list.
pub(super) fn check(name: &str, value: &Value) -> Result<(), Refusal> {
    match value {
        Value::Object(fields) => {
            let needed = of(&NEEDED, name).iter().find(|field| !fields.contains_key(**field));
            needed.map_or(Ok(()), |field| Err(missing(&format!("{name}.{field}"))))
        }
        Value::Array(items) if items.is_empty() && FILLED.contains(&name) => Err(empty(name)),
        Value::Array(items) => items.iter().enumerate().try_for_each(|(index, item)| check_item(name, index, item)),
        _ => Ok(()),
    }
}

/// A list that has nothing in it.
pub(super) fn empty(name: &str) -> Refusal {
    let message = format!(
        "Invalid '{name}': empty array. Expected an array with minimum length 1, but got an empty array instead."
    );
    Refusal::of_parameter(name, "empty_array", message)
}

fn check_item(name: &str, index: usize, item: &Value) -> Result<(), Refusal> {
    let place = format!("{name}[{index}]");
    let words = of(&WORDS, name);
    match item {
        Value::String(word) if !words.is_empty() && !words.contains(&word.as_str()) => {
            Err(wrong_word(&place, words, word))
        }
        Value::String(_) => Ok(()),
        other if !words.is_empty() => Err(wrong_type(&place, "a string", other)),
        Value::Object(fields) if name == "context_management" && !fields.contains_key("type") => {
            Err(missing(&format!("{place}.type")))
        }
        Value::Object(_) => Ok(()),
        other if name == "context_management" => Err(wrong_type(&place, "an object", other)),
        _ => Ok(()),
    }
}

fn of<'a>(table: &[(&str, &'a [&'a str])], name: &str) -> &'a [&'a str] {
    table.iter().find(|(known, _)| *known == name).map(|(_, words)| *words).unwrap_or_default()
}
