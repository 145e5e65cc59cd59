//! A request for a response, understood.

use super::super::parameters::{RESPONSE, Table};
use super::super::{Refusal, check, format, model_rules, models};
use super::{input, tools};
use crate::mock::answer::{prompt_cost, tokens};
use crate::mock::cue::Cue;
use crate::mock::reply::{Said, Wish};
use serde_json::{Map, Value};

/// What a client asks for.
pub(in crate::mock) struct ResponseRequest {
    /// The model, by the name that the client used.
    pub(in crate::mock) model: String,
    /// The request as it came: much of it stands in the answer again.
    pub(super) fields: Map<String, Value>,
    wish: Wish,
    /// Whether it wants events.
    pub(super) is_stream: bool,
    /// How many alternatives it wants to each token with their probabilities; `None` for no probabilities at all.
    pub(super) logprobs: Option<u64>,
}

impl ResponseRequest {
    /// Reads the JSON object of a request.
    pub(in crate::mock) fn of(request: &Map<String, Value>) -> Result<Self, Refusal> {
        check::parameters(&Table { parameters: RESPONSE, required: &["model", "input"] }, request)?;
        let given = |name: &str| request.get(name).filter(|value| !value.is_null());
        if given("previous_response_id").is_some() && given("conversation").is_some() {
            let message = "Mutually exclusive parameters: 'previous_response_id' and 'conversation' cannot be used \
                           together.";
            return Err(Refusal::of_parameter("previous_response_id", "mutually_exclusive_parameters", message));
        }
        check::stream_options(request)?;
        let turns = input::read(&request["input"], given("previous_response_id").is_some())?;
        let mut tools = tools::read(request)?;
        let choice = super::super::tools::choice(request.get("tool_choice"), &mut tools)?;
        let instructions = given("instructions").and_then(Value::as_str);
        let texts: Vec<&str> = instructions.into_iter().chain(turns.iter().map(|turn| turn.text.as_str())).collect();
        let said = turns.iter().rev().find(|turn| turn.is_user).map(|turn| turn.text.clone());
        let tools_cost: u64 = request
            .get("tools")
            .and_then(Value::as_array)
            .map_or(0, |tools| tools.iter().map(|tool| tokens(&tool.to_string()).len() as u64).sum());
        let wish = Wish {
            said: said.unwrap_or_default(),
            limit: given("max_output_tokens").and_then(Value::as_u64),
            stops: Vec::new(),
            tools,
            choice,
            form: format::of_response(given("text").and_then(|text| text.get("format")), &texts)?,
            prompt: prompt_cost(texts.iter().copied()) + tools_cost,
        };
        let model = request["model"].as_str().unwrap_or_default().to_owned();
        models::check(&model)?;
        model_rules::check(&model, request)?;
        let includes = given("include").and_then(Value::as_array).into_iter().flatten();
        let is_probable = includes.into_iter().any(|one| one == "message.output_text.logprobs");
        let alternatives = given("top_logprobs").and_then(Value::as_u64);
        let logprobs = is_probable.then(|| alternatives.unwrap_or(0));
        Ok(Self { model, fields: request.clone(), wish, is_stream: check::flag(request.get("stream")), logprobs })
    }

    /// What the assistant says.
    pub(super) fn said(&self, cue: &Cue) -> Said {
        self.wish.said(&cue.reply())
    }

    /// What the prompt costs.
    pub(in crate::mock) fn prompt_cost(&self) -> u64 {
        self.wish.prompt
    }
}
