//! The settings of a generation.

use super::refusal::Refusal;
use crate::mock::reply::{Choice, Form, Tool};
use serde_json::Value;

/// The settings that the mock heeds.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Config {
    pub(super) limit: Option<u64>,
    pub(super) candidates: u64,
    pub(super) stops: Vec<String>,
    /// The form of the answer.
    pub(super) form: Form,
    pub(super) shows_thoughts: bool,
    /// How many alternatives of each token are told; `None`: no probabilities at all.
    pub(super) logprobs: Option<u64>,
}

/// A number, which may have come as text.
pub(super) fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

impl Config {
    /// Reads the settings; they have the right types already.
    pub(super) fn read(config: &Value) -> Result<Self, Refusal> {
        for (name, low, high) in [("temperature", 0.0, 2.0), ("topP", 0.0, 1.0)] {
            within(config, name, low, high)?;
        }
        within(config, "candidateCount", 1.0, 8.0)?;
        within(config, "maxOutputTokens", 1.0, 1_000_000.0)?;
        within(config, "topK", 1.0, 1_000_000.0)?;
        let texts = |name: &str| config[name].as_array().into_iter().flatten().filter_map(Value::as_str);
        let stops: Vec<String> = texts("stopSequences").map(str::to_owned).collect();
        if stops.len() > 5 {
            let message = "* GenerateContentRequest.generation_config.stop_sequences: the number of stop_sequences must \
                           not exceed 5.\n";
            return Err(Refusal::invalid(message));
        }
        let whole = |name: &str| number(&config[name]).map(|number| number as u64);
        let logprobs = config["responseLogprobs"].as_bool().unwrap_or(false);
        if !logprobs && config["logprobs"].is_number() {
            return Err(Refusal::invalid("logprobs can only be set if response_logprobs is true"));
        }
        Ok(Self {
            limit: whole("maxOutputTokens"),
            candidates: whole("candidateCount").unwrap_or(1),
            stops,
            form: form(config)?,
            shows_thoughts: config["thinkingConfig"]["includeThoughts"].as_bool().unwrap_or(false),
            logprobs: logprobs.then(|| whole("logprobs").unwrap_or(0)),
        })
    }
}

fn within(config: &Value, name: &str, low: f64, high: f64) -> Result<(), Refusal> {
    match number(&config[name]) {
        Some(number) if number < low || number > high => {
            let snake = name.chars().flat_map(|letter| {
                letter.is_ascii_uppercase().then_some('_').into_iter().chain([letter.to_ascii_lowercase()])
            });
            let snake: String = snake.collect();
            Err(Refusal::invalid(format!(
                "* GenerateContentRequest.generation_config.{snake}: {snake} must be in the range [{low:?}, {high:?}].\n"
            )))
        }
        _ => Ok(()),
    }
}

fn form(config: &Value) -> Result<Form, Refusal> {
    let given = ["responseSchema", "responseJsonSchema", "_responseJsonSchema"];
    let schema = given.iter().map(|name| &config[*name]).find(|schema| schema.is_object());
    match (config["responseMimeType"].as_str().unwrap_or("text/plain"), schema) {
        ("application/json" | "text/x.enum", Some(schema)) => Ok(Form::Schema(plain(schema))),
        ("application/json" | "text/x.enum", None) => Ok(Form::Json),
        ("text/plain" | "", None) => Ok(Form::Text),
        ("text/plain" | "", Some(_)) => Err(Refusal::invalid(
            "Function calling or response schema with a response mime type: 'text/plain' is unsupported",
        )),
        (other, _) => Err(Refusal::invalid(format!(
            "* GenerateContentRequest.generation_config.response_mime_type: allowed mimetypes are `text/plain`, \
             `application/json`, `application/xml`, `application/yaml` and `text/x.enum`, not `{other}`.\n"
        ))),
    }
}

/// The functions that the request offers.
pub(super) fn tools(request: &Value) -> Result<Vec<Tool>, Refusal> {
    let tools = request["tools"].as_array().into_iter().flatten();
    let functions = tools.flat_map(|tool| tool["functionDeclarations"].as_array().into_iter().flatten());
    functions.enumerate().map(|(index, function)| tool(index, function)).collect()
}

fn tool(index: usize, function: &Value) -> Result<Tool, Refusal> {
    let name = function["name"].as_str().unwrap_or_default();
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || "_.:-".contains(letter);
    let starts_well = name.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_');
    if !starts_well || !name.chars().all(is_name) || name.len() > 128 {
        return Err(Refusal::invalid(format!(
            "* GenerateContentRequest.tools[0].function_declarations[{index}].name: [FIELD_INVALID] Invalid function \
             name. Must start with a letter or an underscore. Must be alphanumeric (a-z, A-Z, 0-9), underscores (_), \
             dots (.), colons (:), or dashes (-), with a maximum length of 128.\n"
        )));
    }
    let schemas = ["parameters", "parametersJsonSchema"];
    let parameters = schemas.iter().map(|field| &function[*field]).find(|schema| schema.is_object());
    Ok(Tool { name: name.to_owned(), schema: parameters.map(plain).unwrap_or_default() })
}

/// Which of them the model may or must call, and whether it may call any.
pub(super) fn choice(request: &Value) -> Result<(Choice, bool), Refusal> {
    let calling = &request["toolConfig"]["functionCallingConfig"];
    let names = calling["allowedFunctionNames"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let names: Vec<&str> = names.collect();
    match (calling["mode"].as_str(), names.first()) {
        (Some("ANY"), None) => Ok((Choice::Any, true)),
        (Some("ANY"), Some(name)) => Ok((Choice::Named((*name).to_owned()), true)),
        (Some("NONE"), _) => Ok((Choice::Free, false)),
        (Some("VALIDATED"), _) | (_, None) => Ok((Choice::Free, true)),
        _ => Err(Refusal::invalid("Allowed function names should be set only when function calling mode is ANY.")),
    }
}

/// A schema in the form of everyone else: Google writes the types in upper case.
fn plain(schema: &Value) -> Value {
    match schema {
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| match (name.as_str(), value) {
                ("type", Value::String(kind)) => (name.clone(), kind.to_ascii_lowercase().into()),
                ("minItems" | "maxItems" | "minLength" | "maxLength", Value::String(text)) => {
                    (name.clone(), text.parse::<u64>().map_or(Value::Null, Value::from))
                }
                _ => (name.clone(), plain(value)),
            })
            .collect(),
        other => other.clone(),
    }
}
