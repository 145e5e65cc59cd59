//! A message in events.

use super::message::{blocks, end, head, usage};
use super::refusal::Refusal;
use super::request::Ask;
use crate::mock::cue::{Cue, Seed};
use crate::mock::reply::{Said, Usage};
use crate::wire::sse::SseEvent;
use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};

/// The events of an answer, in the vendor's order.
pub(super) fn events(ask: &Ask, said: &Said, cue: &Cue) -> Vec<SseEvent> {
    // The first token has been made when the message starts.
    let first = Usage { output: said.usage.output.min(1), ..said.usage };
    let mut events = vec![event("message_start", json!({ "message": head(ask, first, cue) }))];
    let blocks = blocks(ask, said, cue);
    for (index, block) in blocks.iter().enumerate() {
        let (start, deltas) = parts(block, said);
        events.push(event("content_block_start", json!({ "index": index, "content_block": start })));
        if index == 0 {
            events.push(event("ping", json!({})));
        }
        for delta in deltas {
            events.push(event("content_block_delta", json!({ "index": index, "delta": delta })));
        }
        events.push(event("content_block_stop", json!({ "index": index })));
    }
    let mut total = usage(said.usage);
    if let Value::Object(total) = &mut total {
        total.retain(|name, _| name.ends_with("_tokens"));
    }
    events.push(event("message_delta", json!({ "delta": end(said), "usage": total })));
    events.push(event("message_stop", json!({})));
    events
}

/// A block before anything of it has come, and the deltas that bring it.
fn parts(block: &Value, said: &Said) -> (Value, Vec<Value>) {
    let mut start = block.clone();
    let deltas = match block["type"].as_str() {
        Some("thinking") => {
            start["thinking"] = "".into();
            start["signature"] = "".into();
            let thoughts = said.reasoning.iter().map(|token| json!({ "type": "thinking_delta", "thinking": token }));
            thoughts.chain([json!({ "type": "signature_delta", "signature": block["signature"] })]).collect()
        }
        Some("tool_use") => {
            start["input"] = json!({});
            let text: Vec<char> = block["input"].to_string().chars().collect();
            let pieces = text.chunks(12).map(|piece| piece.iter().collect::<String>());
            let delta = |piece: String| json!({ "type": "input_json_delta", "partial_json": piece });
            std::iter::once(String::new()).chain(pieces).map(delta).collect()
        }
        _ => {
            start["text"] = "".into();
            let sources = block["citations"].as_array().map(Vec::as_slice).unwrap_or_default();
            if !sources.is_empty() {
                start["citations"] = json!([]);
            }
            let texts =
                said.refusal.iter().chain(&said.text).map(|token| json!({ "type": "text_delta", "text": token }));
            let sources = sources.iter().map(|source| json!({ "type": "citations_delta", "citation": source }));
            sources.chain(texts).collect()
        }
    };
    (start, deltas)
}

/// The event of an error that ends a stream.
pub(super) fn error(seed: &Seed, status: StatusCode) -> Bytes {
    let refusal = Refusal::of_status(status);
    SseEvent::named("error", refusal.body(seed).to_string()).to_string().into()
}

/// An event whose data repeats its name as `type`.
fn event(name: &str, fields: Value) -> SseEvent {
    let mut data = json!({ "type": name });
    if let (Value::Object(data), Value::Object(fields)) = (&mut data, fields) {
        data.extend(fields);
    }
    SseEvent::named(name, data.to_string())
}
