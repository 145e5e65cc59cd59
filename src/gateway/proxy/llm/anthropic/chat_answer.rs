//! A Messages answer as a chat completion. Source: facts/proxy.md 3.3.

use crate::gateway::proxy::{
    llm::openai::completion::{Cache, Said, tool_call, usage, whole},
    refusal::Refusal,
};
use serde::Deserialize;
use serde_json::Value;

/// A Messages answer, as far as it is translated.
#[derive(Deserialize)]
struct Message {
    id: String,
    content: Vec<Value>,
    model: String,
    stop_reason: Option<String>,
    usage: Usage,
}

/// Tokens, in Anthropic's words.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub struct Usage {
    /// Tokens read.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// Tokens read from the cache.
    pub cache_read_input_tokens: Option<u64>,
    /// Tokens written to the cache.
    pub cache_creation_input_tokens: Option<u64>,
}

impl Usage {
    /// The same in OpenAI's words.
    pub fn to_chat(self) -> Value {
        let cache = Cache { read: self.cache_read_input_tokens, written: self.cache_creation_input_tokens };
        usage(self.input_tokens, self.output_tokens, self.input_tokens + self.output_tokens, cache)
    }
}

/// The chat completion for a Messages answer.
pub fn response(body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let message: Message = serde_json::from_slice(body).map_err(|error| Refusal::unparsable_response(&error))?;
    let mut said = Said::default();
    for block in &message.content {
        match block["type"].as_str() {
            Some("text") => said.content.get_or_insert_default().push_str(block["text"].as_str().unwrap_or_default()),
            Some("thinking") => said.reasoning = block["thinking"].as_str().map(str::to_owned),
            Some("tool_use" | "server_tool_use") => {
                said.calls.push(tool_call(&block["id"], &block["name"], &block["input"]));
            }
            _ => {}
        }
    }
    let finish = message.stop_reason.as_deref().map(finish_reason);
    Ok(whole(&message.id, &message.model, said.message(), finish, message.usage.to_chat()))
}

/// Why an answer ended, in OpenAI's words. Source: facts/conformance.md C.8.
pub fn finish_reason(stop_reason: &str) -> &'static str {
    match stop_reason {
        "max_tokens" | "model_context_window_exceeded" => "length",
        "tool_use" => "tool_calls",
        "refusal" => "content_filter",
        _ => "stop",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_message_becomes_a_completion() {
        let answer = json!({"id": "msg_1", "model": "m", "stop_reason": "tool_use",
            "content": [{"type": "tool_use", "id": "c2", "name": "temp", "input": {"city": "Ulm"}}],
            "usage": {"input_tokens": 11, "output_tokens": 4, "cache_read_input_tokens": 3}});
        let answer: Value = serde_json::from_slice(&response(answer.to_string().as_bytes()).unwrap()).unwrap();
        assert_eq!(answer.pointer("/choices/0/finish_reason").unwrap(), "tool_calls");
        assert_eq!(answer.pointer("/choices/0/message/tool_calls/0/function/arguments").unwrap(), r#"{"city":"Ulm"}"#);
        assert_eq!(answer["usage"]["total_tokens"], 15);
        assert_eq!(answer["usage"]["prompt_tokens_details"], json!({"cached_tokens": 3}));
    }
}
