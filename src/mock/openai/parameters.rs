//! The parameters of requests, after OpenAI's API description.

use serde_json::Value;

/// What a parameter may be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Text,
    Boolean,
    /// A whole number between two bounds.
    Integer(i64, i64),
    /// A number between two bounds.
    Decimal(f64, f64),
    Array,
    Object,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A word or an object; without words any text.
    WordOrObject(&'static [&'static str]),
    /// A text, or up to four of them.
    Texts,
    /// A text or an array.
    Prompt,
}

/// The largest number of tokens that one may ask for.
const MOST_TOKENS: i64 = 1_000_000_000;

/// The parameters of one kind of request.
pub(super) struct Table {
    /// Every parameter that is known; `null` stands for one that is left out.
    pub(super) parameters: &'static [(&'static str, Kind)],
    /// Those that have to be there.
    pub(super) required: &'static [&'static str],
}

/// Of a legacy completion.
pub(super) const COMPLETION: &[(&str, Kind)] = &[
    ("model", Kind::Text),
    ("prompt", Kind::Prompt),
    ("best_of", Kind::Integer(0, 20)),
    ("echo", Kind::Boolean),
    ("frequency_penalty", Kind::Decimal(-2.0, 2.0)),
    ("logit_bias", Kind::Object),
    ("logprobs", Kind::Integer(0, 5)),
    ("max_tokens", Kind::Integer(0, MOST_TOKENS)),
    ("n", Kind::Integer(1, 128)),
    ("presence_penalty", Kind::Decimal(-2.0, 2.0)),
    ("seed", Kind::Integer(i64::MIN, i64::MAX)),
    ("stop", Kind::Texts),
    ("stream", Kind::Boolean),
    ("stream_options", Kind::Object),
    ("suffix", Kind::Text),
    ("temperature", Kind::Decimal(0.0, 2.0)),
    ("top_p", Kind::Decimal(0.0, 1.0)),
    ("user", Kind::Text),
];

/// Of embeddings.
pub(super) const EMBEDDINGS: &[(&str, Kind)] = &[
    ("model", Kind::Text),
    ("input", Kind::Prompt),
    ("encoding_format", Kind::Word(&["float", "base64"])),
    ("dimensions", Kind::Integer(1, 3_072)),
    ("user", Kind::Text),
];

/// Of a response.
pub(super) const RESPONSE: &[(&str, Kind)] = &[
    ("model", Kind::Text),
    ("input", Kind::Prompt),
    ("background", Kind::Boolean),
    ("context_management", Kind::Array),
    ("conversation", Kind::WordOrObject(&[])),
    ("include", Kind::Array),
    ("instructions", Kind::Text),
    ("max_output_tokens", Kind::Integer(16, MOST_TOKENS)),
    ("max_tool_calls", Kind::Integer(1, MOST_TOKENS)),
    ("metadata", Kind::Object),
    ("moderation", Kind::Object),
    ("parallel_tool_calls", Kind::Boolean),
    ("previous_response_id", Kind::Text),
    ("prompt", Kind::Object),
    ("prompt_cache_key", Kind::Text),
    ("prompt_cache_options", Kind::Object),
    ("prompt_cache_retention", Kind::Word(&["in_memory", "24h"])),
    ("reasoning", Kind::Object),
    ("safety_identifier", Kind::Text),
    ("service_tier", Kind::Word(&["auto", "default", "flex", "scale", "priority", "fast"])),
    ("store", Kind::Boolean),
    ("stream", Kind::Boolean),
    ("stream_options", Kind::Object),
    ("temperature", Kind::Decimal(0.0, 2.0)),
    ("text", Kind::Object),
    ("tool_choice", Kind::WordOrObject(&["none", "auto", "required"])),
    ("tools", Kind::Array),
    ("top_logprobs", Kind::Integer(0, 20)),
    ("top_p", Kind::Decimal(0.0, 1.0)),
    ("truncation", Kind::Word(&["auto", "disabled"])),
    ("user", Kind::Text),
];

/// Of a chat completion.
pub(super) const CHAT: &[(&str, Kind)] = &[
    ("model", Kind::Text),
    ("messages", Kind::Array),
    ("audio", Kind::Object),
    ("frequency_penalty", Kind::Decimal(-2.0, 2.0)),
    ("function_call", Kind::WordOrObject(&["none", "auto"])),
    ("functions", Kind::Array),
    ("logit_bias", Kind::Object),
    ("logprobs", Kind::Boolean),
    ("max_completion_tokens", Kind::Integer(1, MOST_TOKENS)),
    ("max_tokens", Kind::Integer(1, MOST_TOKENS)),
    ("metadata", Kind::Object),
    ("modalities", Kind::Array),
    ("moderation", Kind::Object),
    ("n", Kind::Integer(1, 128)),
    ("parallel_tool_calls", Kind::Boolean),
    ("prediction", Kind::Object),
    ("presence_penalty", Kind::Decimal(-2.0, 2.0)),
    ("prompt_cache_key", Kind::Text),
    ("prompt_cache_options", Kind::Object),
    ("prompt_cache_retention", Kind::Word(&["in_memory", "24h"])),
    ("reasoning_effort", Kind::Word(&["none", "minimal", "low", "medium", "high", "xhigh", "max"])),
    ("response_format", Kind::Object),
    ("safety_identifier", Kind::Text),
    ("seed", Kind::Integer(i64::MIN, i64::MAX)),
    ("service_tier", Kind::Word(&["auto", "default", "flex", "scale", "priority", "fast"])),
    ("stop", Kind::Texts),
    ("store", Kind::Boolean),
    ("stream", Kind::Boolean),
    ("stream_options", Kind::Object),
    ("temperature", Kind::Decimal(0.0, 2.0)),
    ("tool_choice", Kind::WordOrObject(&["none", "auto", "required"])),
    ("tools", Kind::Array),
    ("top_logprobs", Kind::Integer(0, 20)),
    ("top_p", Kind::Decimal(0.0, 1.0)),
    ("user", Kind::Text),
    ("verbosity", Kind::Word(&["low", "medium", "high"])),
    ("web_search_options", Kind::Object),
];

impl Kind {
    /// The name of the kind in OpenAI's messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Text | Self::Word(_) => "a string",
            Self::Boolean => "a boolean",
            Self::Integer(..) => "an integer",
            Self::Decimal(..) => "a decimal",
            Self::Array => "an array of objects",
            Self::Object => "an object",
            Self::WordOrObject(_) => "one of a string or object",
            Self::Texts => "one of a string or array of strings",
            Self::Prompt => "one of a string or array",
        }
    }

    /// Whether the value is of this kind, whatever its size.
    pub(super) fn fits(self, value: &Value) -> bool {
        match self {
            Self::Text | Self::Word(_) => value.is_string(),
            Self::Boolean => value.is_boolean(),
            Self::Integer(..) => value.is_i64() || value.is_u64(),
            Self::Decimal(..) => value.is_number(),
            Self::Array => value.is_array(),
            Self::Object => value.is_object(),
            Self::WordOrObject(_) => value.is_string() || value.is_object(),
            Self::Prompt => value.is_string() || value.is_array(),
            Self::Texts => value.is_string() || value.as_array().is_some_and(|all| all.iter().all(Value::is_string)),
        }
    }
}

/// The name of a value's type in OpenAI's messages.
pub(super) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if number.is_f64() => "a decimal number",
        Value::Number(_) => "an integer",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
