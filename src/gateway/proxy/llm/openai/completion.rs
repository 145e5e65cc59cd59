//! Chat completions as they are written, whole and in chunks.

use serde_json::{Map, Value, json};

/// Seconds since the epoch.
pub fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

/// What an assistant said, field by field; what it did not say is left out.
#[derive(Debug, Default)]
pub struct Said {
    /// Text.
    pub content: Option<String>,
    /// What it thought before.
    pub reasoning: Option<String>,
    /// Calls of tools.
    pub calls: Vec<Value>,
}

impl Said {
    /// Its message, in the order that clients see.
    pub fn message(self) -> Value {
        let mut message = Map::new();
        if let Some(content) = self.content {
            message.insert("content".to_owned(), content.into());
        }
        message.insert("role".to_owned(), "assistant".into());
        if !self.calls.is_empty() {
            message.insert("tool_calls".to_owned(), self.calls.into());
        }
        if let Some(reasoning) = self.reasoning {
            message.insert("reasoning_content".to_owned(), reasoning.into());
        }
        message.into()
    }
}

/// A call of a tool.
pub fn tool_call(id: &Value, name: &Value, input: &Value) -> Value {
    json!({"id": id, "type": "function", "function": {"name": name, "arguments": input.to_string()}})
}

/// A completion with one choice, in the order that clients see.
pub fn whole(id: &str, model: &str, message: Value, finish: Option<&str>, usage: Value) -> Vec<u8> {
    let completion = json!({
        "model": model,
        "usage": usage,
        "choices": [{"message": message, "index": 0, "finish_reason": finish}],
        "id": id,
        "created": now(),
        "object": "chat.completion",
    });
    completion.to_string().into_bytes()
}

/// Tokens; those of a cache are told where the provider tells them.
pub fn usage(input: u64, output: u64, total: u64, cache: Cache) -> Value {
    let mut usage = json!({"prompt_tokens": input, "completion_tokens": output, "total_tokens": total});
    if cache.read.is_none() && cache.written.is_none() {
        return usage;
    }
    let mut details = Map::new();
    for (field, count) in [("cached_tokens", cache.read), ("cache_write_tokens", cache.written)] {
        details.extend(count.map(|count| (field.to_owned(), count.into())));
    }
    usage["prompt_tokens_details"] = details.into();
    for (field, count) in [("cache_read_input_tokens", cache.read), ("cache_creation_input_tokens", cache.written)] {
        if let Some(count) = count {
            usage[field] = count.into();
        }
    }
    usage
}

/// Tokens that a provider's cache spared or kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cache {
    /// Read from it.
    pub read: Option<u64>,
    /// Written to it.
    pub written: Option<u64>,
}

/// What the chunks of a stream have in common.
#[derive(Debug, Clone)]
pub struct Envelope {
    /// Id of all chunks.
    pub id: String,
    /// Model of all chunks.
    pub model: String,
    created: i64,
}

impl Envelope {
    /// For a stream that begins now.
    pub fn new(id: impl Into<String>, model: impl Into<String>) -> Self {
        Self { id: id.into(), model: model.into(), created: now() }
    }

    /// A chunk with one choice. Its content is null unless the delta has one.
    pub fn chunk(&self, delta: Value, finish: Option<&str>, usage: Value) -> Value {
        let mut whole = json!({"content": null});
        if let (Some(whole), Value::Object(delta)) = (whole.as_object_mut(), delta) {
            whole.extend(delta);
        }
        let mut choice = json!({"index": 0, "delta": whole});
        if let Some(finish) = finish {
            choice["finish_reason"] = finish.into();
        }
        self.chunk_of(json!([choice]), usage)
    }

    /// A chunk with these choices.
    pub fn chunk_of(&self, choices: Value, usage: Value) -> Value {
        json!({
            "id": self.id,
            "choices": choices,
            "created": self.created,
            "model": self.model,
            "service_tier": null,
            "system_fingerprint": null,
            "object": "chat.completion.chunk",
            "usage": usage,
        })
    }
}
