//! A request for a message, understood.

use super::content;
use super::fields::{Fields, integer, object, required, wrong};
use super::refusal::Refusal;
use super::{models, thinking, tools};
use crate::mock::answer::{prompt_cost, tokens};
use crate::mock::cue::Cue;
use crate::mock::reply::{Ending, Form, Said, Wish};
use serde_json::Value;

/// What an image, a document or a search result costs, in tokens.
const ATTACHMENT_COST: u64 = 1_000;

/// What a client asks for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ask {
    /// The model, by the name that the client used.
    pub(super) model: String,
    /// Whether it wants events.
    pub(super) is_stream: bool,
    /// Whether the model is to think first.
    is_thinking: bool,
    wish: Wish,
    /// The length of the first document, in characters, if there is one.
    pub(super) document: Option<usize>,
}

impl Ask {
    /// Reads a request as strictly as the vendor.
    pub(super) fn read(body: &[u8]) -> Result<Self, Refusal> {
        let request = object(body)?;
        Self::of(&request, true)
    }

    /// Reads a request whose tokens are to be counted only.
    pub(super) fn read_to_count(body: &[u8]) -> Result<Self, Refusal> {
        Self::of(&object(body)?, false)
    }

    fn of(request: &Fields, is_answered: bool) -> Result<Self, Refusal> {
        let model = required(request, "model")?.as_str().ok_or_else(|| wrong("model", "string"))?.to_owned();
        let messages = required(request, "messages")?.as_array().ok_or_else(|| wrong("messages", "list"))?;
        let limit = match is_answered {
            true => Some(integer("max_tokens", required(request, "max_tokens")?, 1)?),
            false => None,
        };
        super::fields::check(request, is_answered)?;
        let turns = content::read(messages)?;
        let mut tools = tools::read(request.get("tools"))?;
        let choice = tools::choice(request.get("tool_choice"), &mut tools)?;
        let is_thinking = thinking::check(request, limit, &choice)?;
        models::check(&model)?;
        let system = request.get("system").map(content::system).transpose()?;
        let attachments: u64 = turns.iter().map(|turn| turn.attachments).sum();
        let said = turns.iter().rev().find(|turn| turn.is_user && !turn.text.is_empty()).map(|turn| turn.text.clone());
        let document = turns.iter().find_map(|turn| turn.document);
        let texts = system.iter().chain(turns.iter().map(|turn| &turn.text)).map(String::as_str);
        let offered = request.get("tools").and_then(Value::as_array).into_iter().flatten();
        let tools_cost: u64 = offered.map(|tool| tokens(&tool.to_string()).len() as u64).sum();
        let wish = Wish {
            said: said.unwrap_or_default(),
            limit,
            stops: tools::texts(request.get("stop_sequences")),
            form: form(request),
            prompt: prompt_cost(texts) + tools_cost + attachments * ATTACHMENT_COST,
            tools,
            choice,
        };
        let is_stream = request.get("stream").and_then(Value::as_bool).unwrap_or(false);
        Ok(Self { model, is_stream, is_thinking, wish, document })
    }

    /// What the assistant says.
    pub(super) fn said(&self, cue: &Cue) -> Said {
        let mut reply = cue.reply();
        if self.is_thinking && reply.reasoning.is_none() {
            reply.reasoning = Some(thinking::THOUGHT.to_owned());
        }
        let mut said = self.wish.said(&reply);
        // The end of a refusal is one of its own, whatever was said before.
        if !said.refusal.is_empty() && said.ending == Ending::Done {
            said.ending = Ending::Refusal;
        }
        said
    }

    /// What the prompt costs.
    pub(super) fn prompt_cost(&self) -> u64 {
        self.wish.prompt
    }
}

fn form(request: &Fields) -> Form {
    let format = request.get("output_config").and_then(|config| config.get("format"));
    match format.and_then(|format| format.get("schema")) {
        Some(schema) => Form::Schema(schema.clone()),
        None => Form::Text,
    }
}
