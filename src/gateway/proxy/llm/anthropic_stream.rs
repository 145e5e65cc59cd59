//! Anthropic's event stream as chunks of a chat completion. Source: facts/proxy.md 3.3: no chunk for the role, no
//! `[DONE]`, and errors inside of the stream vanish, as in the real gateway up to 1.4.1.

use super::anthropic::{Usage, finish_reason, now};
use crate::gateway::proxy::{body::Body, events};
use futures_util::StreamExt;
use serde_json::{Value, json};

/// The stream that the client sees.
pub fn translated(body: Body) -> Body {
    let mut progress = Progress::default();
    let chunks = events::events(body).filter_map(move |event| {
        let chunk = match event {
            Ok(event) => progress.chunk(&event).map(|chunk| Ok(format!("data: {chunk}\n\n").into())),
            Err(error) => Some(Err(error)),
        };
        std::future::ready(chunk)
    });
    Body::from_stream(chunks)
}

/// What the chunks of a stream have in common.
#[derive(Default)]
struct Progress {
    id: String,
    model: String,
    created: i64,
    tools: i64,
}

impl Progress {
    fn chunk(&mut self, event: &[u8]) -> Option<Value> {
        let event: Value = serde_json::from_str(&events::data(event)?).ok()?;
        match event.get("type")?.as_str()? {
            "message_start" => {
                let text = |name: &str| event["message"][name].as_str().unwrap_or_default().to_owned();
                (self.id, self.model, self.created) = (text("id"), text("model"), now());
                None
            }
            "content_block_start" => self.tool_start(event.get("content_block")?),
            "content_block_delta" => self.delta(event.get("delta")?),
            "message_delta" => Some(self.end(&event)),
            _ => None,
        }
    }

    fn tool_start(&mut self, block: &Value) -> Option<Value> {
        if block.get("type")? != "tool_use" {
            return None;
        }
        self.tools += 1;
        let function = json!({"name": block.get("name")?, "arguments": ""});
        let call = json!({"index": self.tools - 1, "id": block.get("id")?, "type": "function", "function": function});
        Some(self.envelope(json!({"tool_calls": [call]}), None, Value::Null))
    }

    fn delta(&self, delta: &Value) -> Option<Value> {
        let delta = match delta.get("type")?.as_str()? {
            "text_delta" => json!({"content": delta.get("text")?}),
            "input_json_delta" => {
                let function = json!({"arguments": delta.get("partial_json")?});
                json!({"tool_calls": [{"index": self.tools - 1, "function": function}]})
            }
            _ => return None,
        };
        Some(self.envelope(delta, None, Value::Null))
    }

    /// The last chunk. Its usage is that of this event alone.
    fn end(&self, event: &Value) -> Value {
        let tokens = |name: &str| event["usage"][name].as_u64().unwrap_or_default();
        let usage = Usage { input_tokens: tokens("input_tokens"), output_tokens: tokens("output_tokens") };
        let finish = event.pointer("/delta/stop_reason").and_then(Value::as_str).map(finish_reason);
        self.envelope(json!({"content": null}), finish, usage.to_chat())
    }

    fn envelope(&self, delta: Value, finish: Option<&str>, usage: Value) -> Value {
        json!({
            "id": self.id,
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
            "created": self.created,
            "model": self.model,
            "service_tier": null,
            "system_fingerprint": null,
            "object": "chat.completion.chunk",
            "usage": usage,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_translated_event_by_event() {
        let mut progress = Progress::default();
        let mut chunk = |data: Value| progress.chunk(format!("event: x\ndata: {data}\n\n").as_bytes());
        let start = json!({"type": "message_start", "message": {"id": "msg_1", "model": "claude", "usage": {"input_tokens": 11}}});
        assert_eq!(chunk(start), None);
        let text = json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hel"}});
        let text = chunk(text).unwrap();
        assert_eq!(text["choices"], json!([{"index": 0, "delta": {"content": "Hel"}, "finish_reason": null}]));
        assert_eq!((&text["id"], &text["usage"]), (&json!("msg_1"), &Value::Null));
        assert_eq!(chunk(json!({"type": "error", "error": {"type": "overloaded_error"}})), None);
        let end = json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 4}});
        let end = chunk(end).unwrap();
        assert_eq!(end["choices"], json!([{"index": 0, "delta": {"content": null}, "finish_reason": "stop"}]));
        assert_eq!(end["usage"], json!({"prompt_tokens": 0, "completion_tokens": 4, "total_tokens": 4}));
        assert_eq!(chunk(json!({"type": "message_stop"})), None);
    }
}
