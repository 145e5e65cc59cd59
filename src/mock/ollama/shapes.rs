//! The requests, after the server's own types.

use crate::mock::shape::{Object, Shape};

const fn object(name: &'static str, fields: &'static [(&'static str, Shape)]) -> Object {
    Object { name, fields, required: &[], is_union: false }
}

pub(super) static CHAT: Object = object(
    "api.ChatRequest",
    &[
        ("model", Shape::Text),
        ("messages", Shape::List(&Shape::Object(&MESSAGE))),
        ("stream", Shape::Flag),
        ("format", Shape::Any),
        ("keep_alive", Shape::Any),
        ("tools", Shape::List(&Shape::Object(&TOOL))),
        ("options", Shape::Map(&Shape::Any)),
        ("think", Shape::Any),
        ("truncate", Shape::Flag),
        ("shift", Shape::Flag),
        ("logprobs", Shape::Flag),
        ("top_logprobs", Shape::Integer),
    ],
);
static MESSAGE: Object = object(
    "api.Message",
    &[
        ("role", Shape::Text),
        ("content", Shape::Text),
        ("thinking", Shape::Text),
        ("images", Shape::List(&Shape::Bytes)),
        ("tool_calls", Shape::List(&Shape::Any)),
        ("tool_name", Shape::Text),
        ("tool_call_id", Shape::Text),
    ],
);
static TOOL: Object =
    object("api.Tool", &[("type", Shape::Text), ("items", Shape::Any), ("function", Shape::Object(&FUNCTION))]);
static FUNCTION: Object = object(
    "api.ToolFunction",
    &[("name", Shape::Text), ("description", Shape::Text), ("parameters", Shape::Map(&Shape::Any))],
);
pub(super) static GENERATE: Object = object(
    "api.GenerateRequest",
    &[
        ("model", Shape::Text),
        ("prompt", Shape::Text),
        ("suffix", Shape::Text),
        ("system", Shape::Text),
        ("template", Shape::Text),
        ("context", Shape::List(&Shape::Integer)),
        ("stream", Shape::Flag),
        ("raw", Shape::Flag),
        ("format", Shape::Any),
        ("keep_alive", Shape::Any),
        ("images", Shape::List(&Shape::Bytes)),
        ("options", Shape::Map(&Shape::Any)),
        ("think", Shape::Any),
        ("truncate", Shape::Flag),
        ("shift", Shape::Flag),
        ("logprobs", Shape::Flag),
        ("top_logprobs", Shape::Integer),
    ],
);
pub(super) static EMBED: Object = object(
    "api.EmbedRequest",
    &[
        ("model", Shape::Text),
        ("input", Shape::Any),
        ("keep_alive", Shape::Any),
        ("truncate", Shape::Flag),
        ("dimensions", Shape::Integer),
        ("options", Shape::Map(&Shape::Any)),
    ],
);
pub(super) static EMBEDDINGS: Object = object(
    "api.EmbeddingRequest",
    &[
        ("model", Shape::Text),
        ("prompt", Shape::Text),
        ("keep_alive", Shape::Any),
        ("options", Shape::Map(&Shape::Any)),
    ],
);
pub(super) static SHOW: Object = object(
    "api.ShowRequest",
    &[
        ("model", Shape::Text),
        ("name", Shape::Text),
        ("system", Shape::Text),
        ("template", Shape::Text),
        ("verbose", Shape::Flag),
        ("options", Shape::Map(&Shape::Any)),
    ],
);
pub(super) static COMPATIBLE_CHAT: Object = object(
    "openai.ChatCompletionRequest",
    &[
        ("model", Shape::Text),
        ("messages", Shape::List(&Shape::Object(&COMPATIBLE_MESSAGE))),
        ("stream", Shape::Flag),
        ("stream_options", Shape::Object(&STREAM_OPTIONS)),
        ("max_tokens", Shape::Integer),
        ("seed", Shape::Integer),
        ("stop", Shape::Any),
        ("temperature", Shape::Decimal),
        ("frequency_penalty", Shape::Decimal),
        ("presence_penalty", Shape::Decimal),
        ("top_p", Shape::Decimal),
        ("response_format", Shape::Object(&RESPONSE_FORMAT)),
        ("tools", Shape::List(&Shape::Object(&TOOL))),
        ("reasoning", Shape::Any),
        ("reasoning_effort", Shape::Text),
        ("logprobs", Shape::Flag),
        ("top_logprobs", Shape::Integer),
    ],
);
static COMPATIBLE_MESSAGE: Object = object(
    "openai.Message",
    &[
        ("role", Shape::Text),
        ("content", Shape::Any),
        ("reasoning", Shape::Text),
        ("tool_calls", Shape::List(&Shape::Any)),
        ("name", Shape::Text),
        ("tool_call_id", Shape::Text),
    ],
);
static STREAM_OPTIONS: Object = object("openai.StreamOptions", &[("include_usage", Shape::Flag)]);
static RESPONSE_FORMAT: Object =
    object("openai.ResponseFormat", &[("type", Shape::Text), ("json_schema", Shape::Object(&JSON_SCHEMA))]);
static JSON_SCHEMA: Object = object("openai.JsonSchema", &[("schema", Shape::Any)]);
pub(super) static COMPATIBLE_TEXT: Object = object(
    "openai.CompletionRequest",
    &[
        ("model", Shape::Text),
        ("prompt", Shape::Text),
        ("frequency_penalty", Shape::Decimal),
        ("max_tokens", Shape::Integer),
        ("presence_penalty", Shape::Decimal),
        ("seed", Shape::Integer),
        ("stop", Shape::Any),
        ("stream", Shape::Flag),
        ("stream_options", Shape::Object(&STREAM_OPTIONS)),
        ("temperature", Shape::Decimal),
        ("top_p", Shape::Decimal),
        ("suffix", Shape::Text),
        ("logprobs", Shape::Integer),
    ],
);
pub(super) static COMPATIBLE_EMBED: Object = object(
    "openai.EmbedRequest",
    &[("input", Shape::Any), ("model", Shape::Text), ("dimensions", Shape::Integer), ("encoding_format", Shape::Text)],
);
