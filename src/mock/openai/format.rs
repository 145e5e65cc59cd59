//! The form that the text of an answer is to have.

use super::Refusal;
use super::check::{missing, text_at, wrong_type, wrong_word};
use super::tools::{check_name, not_strict};
use crate::mock::reply::Form;
use serde_json::{Map, Value, json};

const KINDS: [&str; 3] = ["json_object", "json_schema", "text"];

/// Reads `response_format` of a chat completion.
pub(super) fn of_chat(given: Option<&Value>, texts: &[&str]) -> Result<Form, Refusal> {
    let Some(Value::Object(format)) = given else { return Ok(Form::Text) };
    match text_at("response_format", "type", format)? {
        "text" => Ok(Form::Text),
        "json_object" => json_object("messages", "response_format", texts),
        "json_schema" => match format.get("json_schema") {
            None => Err(missing("response_format.json_schema")),
            Some(Value::Object(fields)) => schema("response_format.json_schema", "response_format", fields),
            Some(other) => Err(wrong_type("response_format.json_schema", "an object", other)),
        },
        other => Err(wrong_word("response_format.type", &KINDS, other)),
    }
}

/// Reads `text.format` of a response.
pub(super) fn of_response(given: Option<&Value>, texts: &[&str]) -> Result<Form, Refusal> {
    let Some(Value::Object(format)) = given else { return Ok(Form::Text) };
    match text_at("text.format", "type", format)? {
        "text" => Ok(Form::Text),
        "json_object" => json_object("input", "text.format", texts),
        "json_schema" => schema("text.format", "text.format", format),
        other => Err(wrong_word("text.format.type", &KINDS, other)),
    }
}

/// JSON that no schema describes: the prompt has to speak of it, or models write white space without end.
fn json_object(param: &str, format: &str, texts: &[&str]) -> Result<Form, Refusal> {
    if texts.iter().any(|text| text.to_ascii_lowercase().contains("json")) {
        return Ok(Form::Json);
    }
    let place = if param == "input" { "Response input messages" } else { "'messages'" };
    let message =
        format!("{place} must contain the word 'json' in some form, to use '{format}' of type 'json_object'.");
    Err(Refusal { code: None, ..Refusal::of_parameter(param, "", message) })
}

fn schema(place: &str, param: &str, fields: &Map<String, Value>) -> Result<Form, Refusal> {
    let name = text_at(place, "name", fields)?;
    check_name(&format!("{place}.name"), name)?;
    let refuse = |message: String| {
        let message = format!("Invalid schema for response_format '{name}': {message}");
        Err(Refusal::of_parameter(param, "invalid_json_schema", message))
    };
    match fields.get("schema") {
        None if place == "text.format" => Err(missing("text.format.schema")),
        None | Some(Value::Null) => Ok(Form::Schema(json!({ "type": "object" }))),
        Some(schema @ Value::Object(_)) => {
            if jsonschema::validator_for(schema).is_err() {
                return refuse("it is not a valid JSON Schema.".to_owned());
            }
            let kind = schema.get("type").map_or("\"None\"".to_owned(), Value::to_string);
            if kind != "\"object\"" && schema.get("$ref").is_none() {
                return refuse(format!("schema must be a JSON Schema of 'type: \"object\"', got 'type: {kind}'."));
            }
            let is_strict = fields.get("strict") == Some(&true.into());
            match is_strict.then(|| not_strict(schema, &mut Vec::new())).flatten() {
                Some(message) => refuse(message),
                None => Ok(Form::Schema(schema.clone())),
            }
        }
        Some(other) => Err(wrong_type(&format!("{place}.schema"), "an object", other)),
    }
}
