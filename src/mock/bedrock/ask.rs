//! A request to converse, understood.

use super::conversation;
use super::read::read;
use super::refusal::Refusal;
use super::shapes::CONVERSE_REQUEST;
use crate::mock::answer::prompt_cost;
use crate::mock::reply::{Choice, Form, Tool, Wish};
use serde_json::Value;

/// Names with this in them stand for models that do not exist.
const ABSENT: &str = "no-such-model";

/// What a client asks for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ask {
    /// What the assistant is to say.
    pub(super) wish: Wish,
    /// Whether it wants to see how the model reasons.
    pub(super) reasons: bool,
}

impl Ask {
    /// Reads a request as strictly as the vendor.
    pub(super) fn read(model: &str, body: &[u8]) -> Result<Self, Refusal> {
        let request = read(&CONVERSE_REQUEST, body)?;
        check_model(model)?;
        Self::understand(&request)
    }

    /// A request whose fields fit the service model.
    pub(super) fn understand(request: &Value) -> Result<Self, Refusal> {
        let inference = &request["inferenceConfig"];
        check_range(inference, "temperature", 0.0, 1.0)?;
        check_range(inference, "topP", 0.0, 1.0)?;
        check_range(inference, "maxTokens", 1.0, f64::from(i32::MAX))?;
        let mut conversation = conversation::read(&request["messages"])?;
        if conversation.has_tools && !request["toolConfig"].is_object() {
            let message = "The toolConfig field must be defined when using toolUse and toolResult content blocks.";
            return Err(Refusal::invalid(message));
        }
        let system = request["system"].as_array().into_iter().flatten().filter_map(|block| block["text"].as_str());
        conversation.texts.splice(0..0, system.map(str::to_owned));
        let (tools, choice) = tools(&request["toolConfig"])?;
        let stops = inference["stopSequences"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let wish = Wish {
            limit: inference["maxTokens"].as_u64(),
            stops: stops.map(str::to_owned).collect(),
            tools,
            choice,
            form: form(&request["outputConfig"])?,
            prompt: prompt_cost(conversation.texts.iter().map(String::as_str)),
            said: conversation.said,
        };
        Ok(Self { wish, reasons: request["additionalModelRequestFields"]["thinking"]["type"] == "enabled" })
    }
}

/// Refuses the models that stand for those that do not exist.
pub(super) fn check_model(model: &str) -> Result<(), Refusal> {
    if model.contains(ABSENT) || model.is_empty() {
        return Err(Refusal::invalid("The provided model identifier is invalid."));
    }
    Ok(())
}

fn check_range(inference: &Value, name: &str, low: f64, high: f64) -> Result<(), Refusal> {
    let Some(number) = inference[name].as_f64() else { return Ok(()) };
    let bound = match number {
        _ if number < low => format!("greater than or equal to {low}"),
        _ if number > high => format!("less than or equal to {high}"),
        _ => return Ok(()),
    };
    Err(Refusal::invalid(format!(
        "1 validation error detected: Value '{}' at 'inferenceConfig.{name}' failed to satisfy constraint: Member must have \
         value {bound}",
        inference[name]
    )))
}

fn tools(config: &Value) -> Result<(Vec<Tool>, Choice), Refusal> {
    if !config.is_object() {
        return Ok((vec![], Choice::Free));
    }
    let specs =
        config["tools"].as_array().into_iter().flatten().map(|tool| &tool["toolSpec"]).filter(|spec| spec.is_object());
    let tools: Vec<Tool> = specs
        .map(|spec| {
            let name = spec["name"].as_str().unwrap_or_default().to_owned();
            Tool { name, schema: spec["inputSchema"]["json"].clone() }
        })
        .collect();
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
    for (index, tool) in tools.iter().enumerate() {
        if tool.name.is_empty() || tool.name.len() > 64 || !tool.name.chars().all(is_letter) {
            return Err(Refusal::invalid(format!(
                "1 validation error detected: Value '{}' at 'toolConfig.tools.{}.member.toolSpec.name' failed to satisfy \
                 constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+",
                tool.name,
                index + 1
            )));
        }
        if tool.schema["type"] != "object" {
            return Err(Refusal::invalid(format!(
                "The value at toolConfig.tools.{index}.toolSpec.inputSchema.json.type must be one of the following: object."
            )));
        }
    }
    if tools.is_empty() && config["tools"].as_array().is_none_or(Vec::is_empty) {
        return Err(Refusal::invalid(
            "1 validation error detected: Value '[]' at 'toolConfig.tools' failed to satisfy constraint: Member must have \
             length greater than or equal to 1",
        ));
    }
    let choice = &config["toolChoice"];
    let chosen = match choice["tool"]["name"].as_str() {
        Some(name) if tools.iter().all(|tool| tool.name != name) => {
            return Err(Refusal::invalid(format!("Tool '{name}' not found in provided tools.")));
        }
        Some(name) => Choice::Named(name.to_owned()),
        None if choice["any"].is_object() => Choice::Any,
        None => Choice::Free,
    };
    Ok((tools, chosen))
}

/// The schema is JSON in a text.
fn form(output: &Value) -> Result<Form, Refusal> {
    let Some(text) = output["textFormat"]["structure"]["jsonSchema"]["schema"].as_str() else { return Ok(Form::Text) };
    serde_json::from_str(text).map(Form::Schema).map_err(|_| {
        Refusal::invalid("The value at outputConfig.textFormat.structure.jsonSchema.schema is not valid JSON.")
    })
}
