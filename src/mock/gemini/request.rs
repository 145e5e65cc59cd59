//! A request for a generation, understood.

use super::config::{self, Config};
use super::contents::{self, MEDIA_COST, Talk};
use super::read::{Dialect, read};
use super::refusal::Refusal;
use super::shapes::{COUNT, GENERATE};
use crate::mock::answer::prompt_cost;
use crate::mock::reply::Wish;
use http::StatusCode;
use serde_json::{Value, json};

/// Names that begin like this stand for models that do not exist.
const ABSENT: &str = "no-such-model";

/// What a client asks for.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::mock) struct Ask {
    /// The model, by the name that the client used.
    pub(super) model: String,
    pub(super) config: Config,
    /// What the assistant is to say.
    pub(super) wish: Wish,
}

impl Ask {
    /// Reads a request as strictly as the vendor.
    pub(in crate::mock) fn read(model: &str, body: &[u8], dialect: Dialect) -> Result<Self, Refusal> {
        let request = read(&GENERATE, body, dialect)?;
        Self::understand(model, &request)
    }

    fn understand(model: &str, request: &Value) -> Result<Self, Refusal> {
        let mut talk = contents::read(&request["contents"])?;
        if let Some(parts) = request["systemInstruction"]["parts"].as_array() {
            talk.texts.insert(0, parts.iter().filter_map(|part| part["text"].as_str()).collect());
        }
        let config = Config::read(&request["generationConfig"])?;
        let (choice, may_call) = config::choice(request)?;
        let mut tools = config::tools(request)?;
        tools.retain(|_| may_call);
        let prompt = cost(&talk);
        let (limit, stops, form) = (config.limit, config.stops.clone(), config.form.clone());
        let wish = Wish { said: talk.said, limit, stops, tools, choice, form, prompt };
        Ok(Self { model: model.to_owned(), config, wish })
    }

    /// The answer to a request that only counts.
    pub(in crate::mock) fn count(model: &str, body: &[u8], dialect: Dialect) -> Result<Value, Refusal> {
        let request = read(&COUNT, body, dialect)?;
        let inner = &request["generateContentRequest"];
        if inner.is_object() && request["contents"].is_array() {
            return Err(Refusal::invalid("contents and generateContentRequest are mutually exclusive."));
        }
        let ask = Self::understand(model, if inner.is_object() { inner } else { &request })?;
        let cost = ask.wish.prompt;
        Ok(json!({
            "totalTokens": cost,
            "promptTokensDetails": [{ "modality": "TEXT", "tokenCount": cost }],
        }))
    }
}

/// What the prompt costs.
fn cost(talk: &Talk) -> u64 {
    prompt_cost(talk.texts.iter().map(String::as_str)) + talk.media * MEDIA_COST
}

/// Refuses the models that stand for those that do not exist.
pub(super) fn check_model(model: &str, version: &str, method: &str) -> Result<(), Refusal> {
    if !model.starts_with(ABSENT) {
        return Ok(());
    }
    let message = format!(
        "models/{model} is not found for API version {version}, or is not supported for {method}. Call ListModels to \
         see the list of available models and their supported methods."
    );
    Err(Refusal::with(StatusCode::NOT_FOUND, message))
}
