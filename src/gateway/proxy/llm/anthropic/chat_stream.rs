//! Anthropic's event stream as chunks of a chat completion.
//!
//! Up to 1.4.1 there is no chunk for the role and no `[DONE]`, and errors inside of the stream vanish; from 1.5 on both
//! are there, also behind an error. Source: facts/proxy.md 3.3, facts/conformance.md B.0 surprises 1 and 2.

use super::chat_answer::{Usage, finish_reason};
use crate::gateway::proxy::{
    body::Body,
    llm::{
        openai::completion::Envelope,
        spent::Spent,
        stream::{Arrived, DONE, translated, unnamed},
        usage,
    },
};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// The stream that the client sees; `complete` where the release sends the role and `[DONE]`.
pub fn translate(body: Body, complete: bool, spent: Spent) -> Body {
    let mut progress = Progress::new(complete);
    translated(body, move |arrived| match arrived {
        Arrived::Data(data) => {
            let Ok(event) = serde_json::from_str(data) else { return String::new() };
            usage::note(&event, &spent);
            if event["type"] == "content_block_delta" {
                spent.token();
            }
            progress.chunk(&event).map(|chunk| unnamed(&chunk)).unwrap_or_default()
        }
        Arrived::Done => DONE.to_owned(),
        Arrived::End if complete => DONE.to_owned(),
        Arrived::End => String::new(),
    })
}

/// What the chunks of a stream have in common.
struct Progress {
    envelope: Envelope,
    /// Whether the role is still to be told.
    role_due: bool,
    /// Index of a tool call by that of its block.
    tools: HashMap<u64, usize>,
    seen_tools: usize,
}

impl Progress {
    fn new(complete: bool) -> Self {
        Self { envelope: Envelope::new("unknown", ""), role_due: complete, tools: HashMap::new(), seen_tools: 0 }
    }

    fn chunk(&mut self, event: &Value) -> Option<Value> {
        match event.get("type")?.as_str()? {
            "message_start" => {
                let text = |name: &str| event["message"][name].as_str().unwrap_or_default().to_owned();
                self.envelope = Envelope::new(text("id"), text("model"));
                None
            }
            "content_block_start" => self.tool_start(event),
            "content_block_delta" => self.delta(event),
            "message_delta" => Some(self.end(event)),
            _ => None,
        }
    }

    fn tool_start(&mut self, event: &Value) -> Option<Value> {
        let block = event.get("content_block")?;
        if !matches!(block.get("type")?.as_str()?, "tool_use" | "server_tool_use") {
            return None;
        }
        let index = self.seen_tools;
        self.seen_tools += 1;
        self.tools.insert(event["index"].as_u64().unwrap_or_default(), index);
        let function = json!({"name": block.get("name")?});
        let call = json!({"index": index, "id": block.get("id")?, "type": "function", "function": function});
        Some(self.chunk_with(json!({"tool_calls": [call]})))
    }

    fn delta(&mut self, event: &Value) -> Option<Value> {
        let delta = event.get("delta")?;
        let delta = match delta.get("type")?.as_str()? {
            "text_delta" => json!({"content": delta.get("text")?}),
            "thinking_delta" => json!({"reasoning_content": delta.get("thinking")?}),
            "input_json_delta" => {
                let index = self.tools.get(&event["index"].as_u64().unwrap_or_default())?;
                let function = json!({"arguments": delta.get("partial_json")?});
                json!({"tool_calls": [{"index": index, "function": function}]})
            }
            _ => return None,
        };
        Some(self.chunk_with(delta))
    }

    fn chunk_with(&mut self, mut delta: Value) -> Value {
        if std::mem::take(&mut self.role_due) {
            delta["role"] = "assistant".into();
        }
        self.envelope.chunk(delta, None, Value::Null)
    }

    /// The last chunk. Its usage is that of this event alone.
    fn end(&self, event: &Value) -> Value {
        let tokens = |name: &str| event["usage"][name].as_u64();
        let usage = Usage {
            input_tokens: tokens("input_tokens").unwrap_or_default(),
            output_tokens: tokens("output_tokens").unwrap_or_default(),
            cache_read_input_tokens: tokens("cache_read_input_tokens"),
            cache_creation_input_tokens: tokens("cache_creation_input_tokens"),
        };
        match event["delta"]["stop_reason"].as_str() {
            Some(reason) => self.envelope.chunk(Map::new().into(), Some(finish_reason(reason)), usage.to_chat()),
            None => self.envelope.chunk_of(json!([]), usage.to_chat()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_translated_event_by_event() {
        let mut progress = Progress::new(false);
        let mut chunk = |data: Value| progress.chunk(&data);
        let start = json!({"type": "message_start", "message": {"id": "msg_1", "model": "claude", "usage": {"input_tokens": 11}}});
        assert_eq!(chunk(start), None);
        let text = json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hel"}});
        let text = chunk(text).unwrap();
        assert_eq!(text["choices"], json!([{"index": 0, "delta": {"content": "Hel"}}]));
        assert_eq!((&text["id"], &text["usage"]), (&json!("msg_1"), &Value::Null));
        assert_eq!(chunk(json!({"type": "error", "error": {"type": "overloaded_error"}})), None);
        let end = json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 4}});
        let end = chunk(end).unwrap();
        assert_eq!(end["choices"], json!([{"index": 0, "delta": {"content": null}, "finish_reason": "stop"}]));
        assert_eq!(end["usage"], json!({"prompt_tokens": 0, "completion_tokens": 4, "total_tokens": 4}));
        assert_eq!(chunk(json!({"type": "message_stop"})), None);
    }

    #[test]
    fn tool_calls_keep_their_index_and_later_releases_tell_the_role() {
        let mut progress = Progress::new(true);
        let start = json!({"type": "content_block_start", "index": 3, "content_block": {"type": "tool_use", "id": "t", "name": "n"}});
        let start = progress.chunk(&start).unwrap();
        let delta = &start["choices"][0]["delta"];
        assert_eq!((&delta["role"], &delta["tool_calls"][0]["index"]), (&json!("assistant"), &json!(0)));
        let more = json!({"type": "content_block_delta", "index": 3, "delta": {"type": "input_json_delta", "partial_json": "{"}});
        let more = progress.chunk(&more).unwrap();
        assert_eq!(more["choices"][0]["delta"]["tool_calls"], json!([{"index": 0, "function": {"arguments": "{"}}]));
        assert_eq!(more["choices"][0]["delta"].get("role"), None);
    }
}
