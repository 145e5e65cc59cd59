//! What converse answers, as far as it is translated. Source: facts/conformance.md C.6.

use crate::gateway::proxy::{
    llm::openai::completion::{self, Cache},
    refusal::Refusal,
};
use serde::Deserialize;
use serde_json::{Value, json};

/// An answer.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    output: Option<Value>,
    /// Why it ended.
    pub stop_reason: StopReason,
    /// What it cost.
    pub usage: Option<Usage>,
}

impl Answer {
    /// Reads a body.
    pub fn parse(body: &[u8]) -> Result<Self, Refusal> {
        serde_json::from_slice(body).map_err(|error| Refusal::unparsable_response(&error))
    }

    /// The blocks of its message.
    pub fn blocks(&self) -> Result<&[Value], Refusal> {
        let blocks = self.output.as_ref().and_then(|output| output.pointer("/message/content")?.as_array());
        blocks.map(Vec::as_slice).ok_or_else(|| Refusal::Processing("incomplete response".to_owned()))
    }
}

/// Why an answer ended. The list is closed, as in the real gateway: other words are no answer at all (facts/conformance.md
/// B.0 surprise 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// A filter stepped in.
    ContentFiltered,
    /// The model had said it all.
    EndTurn,
    /// A guardrail stepped in.
    GuardrailIntervened,
    /// It was long enough.
    MaxTokens,
    /// There was no more room.
    ModelContextWindowExceeded,
    /// A word came that ends answers.
    StopSequence,
    /// Tools are to be called.
    ToolUse,
}

impl StopReason {
    /// In OpenAI's words.
    pub fn finish_reason(self) -> &'static str {
        match self {
            Self::EndTurn | Self::StopSequence => "stop",
            Self::MaxTokens | Self::ModelContextWindowExceeded => "length",
            Self::ContentFiltered | Self::GuardrailIntervened => "content_filter",
            Self::ToolUse => "tool_calls",
        }
    }

    /// In Anthropic's words.
    pub fn stop_reason(self) -> &'static str {
        match self {
            Self::EndTurn => "end_turn",
            Self::StopSequence => "stop_sequence",
            Self::MaxTokens => "max_tokens",
            Self::ModelContextWindowExceeded => "model_context_window_exceeded",
            Self::ContentFiltered | Self::GuardrailIntervened => "refusal",
            Self::ToolUse => "tool_use",
        }
    }
}

/// Tokens.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    input_tokens: u64,
    output_tokens: u64,
    total_tokens: u64,
    cache_read_input_tokens: Option<u64>,
    cache_write_input_tokens: Option<u64>,
}

impl Usage {
    /// In OpenAI's words.
    pub fn to_chat(self) -> Value {
        let cache = Cache { read: self.cache_read_input_tokens, written: self.cache_write_input_tokens };
        completion::usage(self.input_tokens, self.output_tokens, self.total_tokens, cache)
    }

    /// In Anthropic's words.
    pub fn to_messages(self) -> Value {
        let mut usage = json!({"input_tokens": self.input_tokens, "output_tokens": self.output_tokens});
        let cache = [
            ("cache_creation_input_tokens", self.cache_write_input_tokens),
            ("cache_read_input_tokens", self.cache_read_input_tokens),
        ];
        for (field, count) in cache {
            if let Some(count) = count {
                usage[field] = count.into();
            }
        }
        usage
    }
}

/// The thought in a block, whichever of its two forms it has, and its signature.
pub fn thought(block: &Value) -> Option<(&str, &str)> {
    let reasoning = block.get("reasoningContent")?;
    let inner = reasoning.get("reasoningText").unwrap_or(reasoning);
    Some((inner["text"].as_str()?, inner["signature"].as_str().unwrap_or_default()))
}
