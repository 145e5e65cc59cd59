//! What chats and generations have in common: what is asked, and what the model says to it.

use super::models::Model;
use super::refusal::Refusal;
use super::time::created_at;
use crate::mock::cue::Cue;
use crate::mock::invent::scripted;
use crate::mock::reply::{Call, Ending, Form, Wish};
use serde_json::{Map, Value, json};

const THOUGHT: &str = "The user wants an answer.";

/// What a client asks for.
#[derive(Debug)]
pub(super) struct Ask {
    /// The model, by the name that the client used.
    pub(super) model: String,
    /// What the assistant is to say.
    pub(super) wish: Wish,
    pub(super) thinks: bool,
    pub(super) logprobs: Option<u64>,
}

/// What the model says.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) thought: Option<String>,
    pub(super) tokens: Vec<String>,
    pub(super) calls: Vec<Call>,
    /// Why it ended: `stop` or `length`.
    pub(super) reason: String,
    pub(super) prompt: u64,
    pub(super) cost: u64,
}

impl Reply {
    /// The reply to a request.
    pub(super) fn to(ask: &Ask, cue: &Cue) -> Self {
        let mut script = scripted(cue, &ask.wish);
        script.reasoning = match script.reasoning {
            Some(reasoning) => Some(reasoning).filter(|_| ask.thinks),
            None => ask.thinks.then(|| THOUGHT.to_owned()),
        };
        let said = ask.wish.said(&script);
        let ending = if said.ending == Ending::Limit { "length" } else { "stop" };
        Self {
            thought: (!said.reasoning.is_empty()).then(|| said.reasoning.concat()),
            tokens: said.refusal.into_iter().chain(said.text).collect(),
            calls: said.calls,
            reason: said.finish.unwrap_or_else(|| ending.to_owned()),
            prompt: said.usage.input,
            cost: said.usage.output,
        }
    }
}

/// The form that `format` asks for.
pub(super) fn form(format: &Value) -> Result<Form, Refusal> {
    match format {
        Value::Null => Ok(Form::Text),
        Value::String(word) if word.is_empty() => Ok(Form::Text),
        Value::String(word) if word == "json" => Ok(Form::Json),
        Value::Object(_) => Ok(Form::Schema(format.clone())),
        other => {
            let message =
                format!("invalid format: {:?}; expected \"json\" or a valid JSON Schema object", other.to_string());
            Err(Refusal::late(message))
        }
    }
}

/// Whether thoughts are wanted; without a word those think that can.
pub(super) fn thinks(think: &Value, model: &Model, name: &str) -> Result<bool, Refusal> {
    let wanted = match think {
        Value::Null => return Ok(false),
        Value::Bool(wanted) => *wanted,
        Value::String(word) if matches!(word.as_str(), "high" | "medium" | "low") => true,
        Value::String(word) => {
            let message =
                format!("invalid think value: {word:?} (must be \"high\", \"medium\", \"low\", true, or false)");
            return Err(Refusal::invalid(message));
        }
        _ => {
            let message = "think must be a boolean or string (\"high\", \"medium\", \"low\", true, or false)";
            return Err(Refusal::invalid(message));
        }
    };
    if wanted && !model.capabilities.contains(&"thinking") {
        return Err(Refusal::invalid(format!("{name:?} does not support thinking")));
    }
    Ok(wanted)
}

/// How many alternatives of each token are wanted.
pub(super) fn logprobs(request: &Value) -> Result<Option<u64>, Refusal> {
    let top = request["top_logprobs"].as_f64().unwrap_or(0.0);
    if !(0.0..=20.0).contains(&top) {
        return Err(Refusal::invalid("top_logprobs must be between 0 and 20"));
    }
    Ok(request["logprobs"].as_bool().unwrap_or(false).then_some(top as u64))
}

/// The probabilities of tokens.
pub(super) fn told(tokens: &[String], top: u64) -> Value {
    let one = |token: &String| json!({ "token": token, "logprob": -0.1, "bytes": token.as_bytes() });
    let with_top = |token: &String| {
        let mut told = one(token);
        if top > 0 {
            told["top_logprobs"] = json!([one(token)]);
        }
        told
    };
    tokens.iter().map(with_top).collect()
}

/// What every line begins with.
pub(super) fn head(ask: &Ask, cue: &Cue) -> Map<String, Value> {
    [("model".to_owned(), json!(ask.model)), ("created_at".to_owned(), json!(created_at(cue)))].into_iter().collect()
}

/// What the last line ends with: durations are in nanoseconds.
pub(super) fn figures(reply: &Reply) -> Map<String, Value> {
    let (prompt, answer) = (reply.prompt * 1_000_000, reply.cost.max(1) * 10_000_000);
    let load = 1_500_000;
    let figures = [
        ("total_duration", load + prompt + answer),
        ("load_duration", load),
        ("prompt_eval_count", reply.prompt),
        ("prompt_eval_duration", prompt.max(1)),
        ("eval_count", reply.cost),
        ("eval_duration", answer),
    ];
    figures.into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect()
}
