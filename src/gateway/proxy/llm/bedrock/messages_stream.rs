//! Bedrock's frames as Anthropic's events. An exception becomes an event `error`: the one place where the real gateway tells
//! of a failure inside of a stream (facts/conformance.md B.0 surprise 1).

use super::{
    converse::{StopReason, Usage},
    frames::{Frame, frames},
    messages_answer::message_id,
};
use crate::gateway::proxy::{
    body::Body,
    llm::{spent::Spent, stream::named, usage as cost},
};
use bytes::Bytes;
use futures_util::StreamExt;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashSet;

/// The stream that the client sees.
pub fn translate(body: Body, model: &str, spent: Spent) -> Body {
    let mut message = Message { model: model.to_owned(), open: HashSet::new(), stop: None };
    let events = frames(body).filter_map(move |frame| {
        let text = match frame {
            Err(error) => return std::future::ready(Some(Err(error))),
            Ok(Frame::Other) => failure(),
            Ok(Frame::Event(name, payload)) => {
                cost::note(&payload, &spent);
                if name == "contentBlockDelta" {
                    spent.token();
                }
                message.events(&name, &payload).unwrap_or_else(failure)
            }
        };
        std::future::ready((!text.is_empty()).then(|| Ok(Bytes::from(text))))
    });
    Body::from_stream(events)
}

fn failure() -> String {
    named("error", &json!({"type": "error", "error": {"type": "api_error", "message": "Stream processing error"}}))
}

/// An event with its name in its data.
fn event(name: &str, mut fields: Value) -> String {
    let mut event = json!({"type": name});
    if let (Some(event), Some(fields)) = (event.as_object_mut(), fields.as_object_mut()) {
        event.append(fields);
    }
    named(name, &event)
}

struct Message {
    model: String,
    /// Indexes of blocks whose start was told.
    open: HashSet<u64>,
    stop: Option<&'static str>,
}

impl Message {
    /// The events for a frame; `None` where it cannot be understood.
    fn events(&mut self, name: &str, payload: &Value) -> Option<String> {
        let index = payload["contentBlockIndex"].as_u64();
        match name {
            "messageStart" => Some(self.start()),
            "contentBlockStart" => {
                self.open.insert(index?);
                let content = match payload.pointer("/start/toolUse") {
                    Some(call) => {
                        json!({"type": "tool_use", "id": call["toolUseId"], "name": call["name"], "input": {}})
                    }
                    None => json!({"type": "text", "text": ""}),
                };
                Some(event("content_block_start", json!({"index": index?, "content_block": content})))
            }
            "contentBlockDelta" => self.delta(index?, payload.get("delta")?),
            "contentBlockStop" => {
                self.open.remove(&index?);
                Some(event("content_block_stop", json!({"index": index?})))
            }
            "messageStop" => {
                self.stop = Some(StopReason::deserialize(payload.get("stopReason")?).ok()?.stop_reason());
                Some(String::new())
            }
            "metadata" => Some(self.end(payload.get("usage").and_then(|usage| Usage::deserialize(usage).ok()))),
            _ => None,
        }
    }

    fn start(&self) -> String {
        let message = json!({"id": message_id(), "type": "message", "role": "assistant", "content": [], "model": self.model,
            "stop_reason": null, "stop_sequence": null, "usage": {"input_tokens": 0, "output_tokens": 0}});
        event("message_start", json!({"message": message}))
    }

    /// Blocks of text and thought have no start at Bedrock: their first fragment stands for it.
    fn delta(&mut self, index: u64, delta: &Value) -> Option<String> {
        let (opening, fragment) = if let Some(text) = delta.get("text") {
            (Some(json!({"type": "text", "text": ""})), json!({"type": "text_delta", "text": text}))
        } else if let Some(reasoning) = delta.get("reasoningContent") {
            let opening = json!({"type": "thinking", "thinking": "", "signature": ""});
            let fragment = match reasoning.get("signature") {
                Some(signature) => json!({"type": "signature_delta", "signature": signature}),
                None => json!({"type": "thinking_delta", "thinking": reasoning.get("text")?}),
            };
            (Some(opening), fragment)
        } else {
            (None, json!({"type": "input_json_delta", "partial_json": delta.pointer("/toolUse/input")?}))
        };
        let mut told = String::new();
        if let (true, Some(content)) = (self.open.insert(index), opening) {
            told.push_str(&event("content_block_start", json!({"index": index, "content_block": content})));
        }
        told.push_str(&event("content_block_delta", json!({"index": index, "delta": fragment})));
        Some(told)
    }

    fn end(&mut self, usage: Option<Usage>) -> String {
        let mut told = String::new();
        if let (Some(stop), Some(usage)) = (self.stop.take(), usage) {
            let delta = json!({"stop_reason": stop, "stop_sequence": null});
            told.push_str(&event("message_delta", json!({"delta": delta, "usage": usage.to_messages()})));
        }
        told.push_str(&event("message_stop", json!({})));
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_without_a_start_gets_one() {
        let mut message = Message { model: "m".to_owned(), open: HashSet::new(), stop: None };
        let delta = json!({"contentBlockIndex": 0, "delta": {"text": "Hel"}});
        let told = message.events("contentBlockDelta", &delta).unwrap();
        let names: Vec<&str> = told.lines().filter_map(|line| line.strip_prefix("event: ")).collect();
        assert_eq!(names, ["content_block_start", "content_block_delta"]);
        assert_eq!(message.events("messageStop", &json!({"stopReason": "end_turn"})).unwrap(), "");
        let usage = json!({"usage": {"inputTokens": 1, "outputTokens": 2, "totalTokens": 3}});
        let told = message.events("metadata", &usage).unwrap();
        assert!(told.starts_with("event: message_delta\n") && told.contains("event: message_stop\n"), "{told}");
        assert_eq!(message.events("novelty", &json!({})), None);
    }
}
