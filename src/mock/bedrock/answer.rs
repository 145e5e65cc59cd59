//! What the model says, in one piece.

use super::ask::Ask;
use crate::mock::cue::Cue;
use crate::mock::invent::{bracketed, scripted};
use crate::mock::reply::{Ending, Usage};
use serde_json::{Value, json};

/// Why a model may end, beside the ordinary reasons.
const WISHES: [&str; 5] = [
    "guardrail_intervened",
    "content_filtered",
    "malformed_model_output",
    "malformed_tool_use",
    "model_context_window_exceeded",
];
const REASONING: &str = "The user wants an answer.";

/// A block of the answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Block {
    /// The tokens of a thought.
    Reasoning(Vec<String>),
    /// The tokens of a text.
    Text(Vec<String>),
    ToolUse {
        id: String,
        name: String,
        input: Value,
    },
}

/// What the model says.
pub(super) struct Reply {
    pub(super) blocks: Vec<Block>,
    pub(super) stop: String,
    pub(super) usage: Value,
    pub(super) latency: u64,
}

impl Reply {
    /// The reply to a request.
    pub(super) fn to(ask: &Ask, cue: &Cue) -> Self {
        let wished = bracketed(&ask.wish.said, "stop");
        let wished = wished.and_then(|wished| WISHES.into_iter().find(|word| *word == wished));
        let mut script = scripted(cue, &ask.wish);
        if ask.reasons && script.reasoning.is_none() {
            script.reasoning = Some(REASONING.to_owned());
        }
        let said = ask.wish.said(&script);
        let stop = said.finish.clone().unwrap_or_else(|| wished.unwrap_or(stop_reason(&said.ending)).to_owned());
        let mut blocks = vec![];
        if !said.reasoning.is_empty() {
            blocks.push(Block::Reasoning(said.reasoning));
        }
        let text: Vec<String> = said.refusal.into_iter().chain(said.text).collect();
        if !text.is_empty() || said.calls.is_empty() {
            blocks.push(Block::Text(text));
        }
        for (index, call) in said.calls.into_iter().enumerate() {
            let id = call.id.unwrap_or_else(|| cue.seed.nth_id("tooluse_", index));
            blocks.push(Block::ToolUse { id, name: call.name, input: Value::Object(call.arguments) });
        }
        Self { blocks, stop, usage: usage(&said.usage), latency: latency(cue) }
    }

    /// The answer in one piece.
    pub(super) fn whole(&self) -> Value {
        let content: Vec<Value> = self.blocks.iter().map(Block::whole).collect();
        json!({
            "output": { "message": { "role": "assistant", "content": content } },
            "stopReason": self.stop,
            "usage": self.usage,
            "metrics": { "latencyMs": self.latency },
        })
    }
}

impl Block {
    fn whole(&self) -> Value {
        match self {
            Self::Text(tokens) => json!({ "text": tokens.concat() }),
            Self::Reasoning(tokens) => {
                json!({ "reasoningContent": { "reasoningText": { "text": tokens.concat(), "signature": SIGNATURE } } })
            }
            Self::ToolUse { id, name, input } => {
                json!({ "toolUse": { "toolUseId": id, "name": name, "input": input } })
            }
        }
    }
}

/// The signature of a thought, which clients send back unread.
pub(super) const SIGNATURE: &str = "ErUBCkYIBxgCIkDmock0000";

/// Milliseconds that the answer claims to have taken.
pub(super) fn latency(cue: &Cue) -> u64 {
    100 + cue.seed.created() % 900
}

fn stop_reason(ending: &Ending) -> &'static str {
    match ending {
        Ending::Done => "end_turn",
        Ending::Limit => "max_tokens",
        Ending::Stop(_) => "stop_sequence",
        Ending::Calls => "tool_use",
        Ending::Refusal => "content_filtered",
    }
}

/// Tokens of a cache are counted apart from the others of the prompt.
fn usage(usage: &Usage) -> Value {
    json!({
        "inputTokens": usage.input.saturating_sub(usage.cached + usage.cache_written),
        "outputTokens": usage.output,
        "totalTokens": usage.input + usage.output,
        "cacheReadInputTokens": usage.cached,
        "cacheWriteInputTokens": usage.cache_written,
    })
}
