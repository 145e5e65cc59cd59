//! A request for a chat completion, understood.

use super::parameters::{CHAT, Table};
use super::{Refusal, check, format, messages, model_rules, models, tools};
use crate::mock::answer::{prompt_cost, tokens};
use crate::mock::cue::Cue;
use crate::mock::reply::{Said, Wish};
use http::HeaderMap;
use serde_json::{Map, Value};

/// What a client asks for.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::mock) struct Chat {
    /// The model, by the name that the client used.
    pub(in crate::mock) model: String,
    /// What the assistant is to say.
    wish: Wish,
    /// How many choices it wants.
    pub(super) choices: u64,
    /// Whether it wants events.
    pub(super) is_stream: bool,
    /// Whether it wants the usage at the end of the events.
    pub(super) wants_usage: bool,
    /// How many alternatives it wants to each token with their probabilities; `None` for no probabilities at all.
    pub(super) logprobs: Option<u64>,
    /// Whether it knows functions only, the elder form of tools.
    pub(super) has_functions: bool,
    /// The tier that it wants to be served in.
    pub(super) tier: Option<String>,
}

impl Chat {
    /// Reads a request as strictly as the vendor.
    pub(in crate::mock) fn read(headers: &HeaderMap, body: &[u8]) -> Result<Self, Refusal> {
        let request = check::object(headers, body)?;
        Self::of(&request)
    }

    /// Reads the JSON object of a request.
    pub(in crate::mock) fn of(request: &Map<String, Value>) -> Result<Self, Refusal> {
        check::parameters(&Table { parameters: CHAT, required: &["model", "messages"] }, request)?;
        related(request)?;
        let messages = messages::read(request["messages"].as_array().map_or(&[], Vec::as_slice))?;
        let number = |name: &str| request.get(name).and_then(Value::as_u64);
        let options = request.get("stream_options").and_then(Value::as_object);
        let texts: Vec<&str> = messages.iter().map(|message| message.text.as_str()).collect();
        let (tools, choice, has_functions) = offered(request)?;
        let said = messages.iter().rev().find(|message| message.is_user());
        let wish = Wish {
            said: said.map(|message| message.text.clone()).unwrap_or_default(),
            limit: number("max_completion_tokens").or_else(|| number("max_tokens")),
            stops: check::stops(request.get("stop")),
            form: format::of_chat(request.get("response_format"), &texts)?,
            prompt: prompt_cost(texts.iter().copied()) + tools_cost(request),
            tools,
            choice,
        };
        let chat = Self {
            model: request["model"].as_str().unwrap_or_default().to_owned(),
            wish,
            choices: number("n").unwrap_or(1),
            is_stream: check::flag(request.get("stream")),
            wants_usage: check::flag(options.and_then(|options| options.get("include_usage"))),
            logprobs: check::flag(request.get("logprobs")).then(|| number("top_logprobs").unwrap_or(0)),
            has_functions,
            tier: request.get("service_tier").and_then(Value::as_str).map(str::to_owned),
        };
        models::check(&chat.model)?;
        model_rules::check(&chat.model, request)?;
        Ok(chat)
    }

    /// What the assistant says; its output counts once for each choice.
    pub(super) fn said(&self, cue: &Cue) -> Said {
        let reply = cue.reply();
        let mut said = self.wish.said(&reply);
        if reply.usage.is_none_or(|usage| usage.output.is_none()) {
            said.usage.output *= self.choices;
        }
        said
    }
}

/// The tools that are offered, which is to be called, and whether they come in the elder form.
type Offered = (Vec<crate::mock::reply::Tool>, crate::mock::reply::Choice, bool);

fn offered(request: &Map<String, Value>) -> Result<Offered, Refusal> {
    let Some(functions) = request.get("functions").and_then(Value::as_array) else {
        let mut tools = tools::read(request)?;
        let choice = tools::choice(request.get("tool_choice"), &mut tools)?;
        return Ok((tools, choice, false));
    };
    let read = |(index, function): (usize, &Value)| match function {
        Value::Object(fields) => tools::function_of(&format!("functions[{index}]"), fields),
        other => Err(check::wrong_type(&format!("functions[{index}]"), "an object", other)),
    };
    let mut tools = functions.iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
    let choice = match request.get("function_call") {
        Some(Value::Object(call)) => {
            let name = check::text_at("function_call", "name", call)?;
            crate::mock::reply::Choice::Named(name.to_owned())
        }
        word => tools::choice(word, &mut tools)?,
    };
    Ok((tools, choice, true))
}

/// What the tools of a prompt cost.
pub(super) fn tools_cost(request: &Map<String, Value>) -> u64 {
    let tools = ["tools", "functions"].into_iter().filter_map(|name| request.get(name)?.as_array());
    tools.flatten().map(|tool| tokens(&tool.to_string()).len() as u64).sum()
}

/// Rules that join two parameters.
fn related(request: &Map<String, Value>) -> Result<(), Refusal> {
    check::stream_options(request)?;
    let given = |name: &str| request.get(name).filter(|value| !value.is_null());
    for name in ["tool_choice", "parallel_tool_calls"] {
        if given(name).is_some() && given("tools").is_none() {
            let message = format!("Invalid value for '{name}': '{name}' is only allowed when 'tools' are specified.");
            return Err(Refusal { code: None, ..Refusal::of_parameter(name, "", message) });
        }
    }
    if given("top_logprobs").is_some() && !check::flag(given("logprobs")) {
        let message = "Invalid value for 'top_logprobs': 'top_logprobs' is only allowed when 'logprobs' is enabled.";
        return Err(Refusal { code: None, ..Refusal::of_parameter("top_logprobs", "", message) });
    }
    if given("max_tokens").is_some() && given("max_completion_tokens").is_some() {
        let message = "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.";
        return Err(Refusal::of_parameter("max_tokens", "invalid_parameter_combination", message));
    }
    Ok(())
}
