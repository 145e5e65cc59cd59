//! What the model says, in frames.

use super::answer::{Block, Reply, SIGNATURE};
use super::refusal::Refusal;
use crate::mock::pieces;
use crate::mock::stream::WriteError;
use crate::wire::event_stream::{CONTENT_TYPE, event, exception};
use axum::response::Response;
use bytes::Bytes;
use serde_json::{Value, json};

/// Where the padding of frames is cut from.
const PADDING: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
/// How long a fragment of a tool's input is at most, in characters.
const FRAGMENT: usize = 12;

/// An answer in frames; an error among them is an exception.
pub(super) fn respond(frames: Vec<Bytes>) -> Response {
    let error = WriteError::by(|status, _| {
        let refusal = Refusal::of_status(status, None);
        let (first, rest) = refusal.kind.split_at(1);
        let kind = format!("{}{rest}", first.to_ascii_lowercase());
        exception(&kind, json!({ "message": refusal.message }).to_string().as_bytes())
    });
    pieces::respond_with(CONTENT_TYPE, frames.into_iter(), error)
}

/// The frames of a reply, in the vendor's order.
pub(super) fn frames(reply: &Reply) -> Vec<Bytes> {
    let mut frames = vec![padded("messageStart", json!({ "role": "assistant" }))];
    for (index, block) in reply.blocks.iter().enumerate() {
        frames.extend(block_frames(index, block));
    }
    frames.push(padded("messageStop", json!({ "stopReason": reply.stop })));
    let metadata = json!({ "usage": reply.usage, "metrics": { "latencyMs": reply.latency } });
    frames.push(padded("metadata", metadata));
    frames
}

/// An event with the padding that the vendor adds against guesses from the length; it depends on what it pads.
pub(super) fn padded(kind: &str, mut payload: Value) -> Bytes {
    let length = 1 + payload.to_string().bytes().fold(0_usize, |sum, byte| sum + usize::from(byte)) % PADDING.len();
    payload["p"] = PADDING[..length].into();
    event(kind, payload.to_string().as_bytes())
}

fn block_frames(index: usize, block: &Block) -> Vec<Bytes> {
    let delta = |delta: Value| padded("contentBlockDelta", json!({ "contentBlockIndex": index, "delta": delta }));
    let mut frames: Vec<Bytes> = match block {
        Block::Text(tokens) => tokens.iter().map(|token| delta(json!({ "text": token }))).collect(),
        Block::Reasoning(tokens) => tokens
            .iter()
            .map(|token| json!({ "text": token }))
            .chain([json!({ "signature": SIGNATURE })])
            .map(|thought| delta(json!({ "reasoningContent": thought })))
            .collect(),
        Block::ToolUse { id, name, input } => {
            // Only blocks of tools have a start.
            let start = json!({ "toolUse": { "toolUseId": id, "name": name } });
            let start = padded("contentBlockStart", json!({ "contentBlockIndex": index, "start": start }));
            let input: Vec<char> = input.to_string().chars().collect();
            let fragments = input.chunks(FRAGMENT).map(|fragment| fragment.iter().collect::<String>());
            [start].into_iter().chain(fragments.map(|text| delta(json!({ "toolUse": { "input": text } })))).collect()
        }
    };
    frames.push(padded("contentBlockStop", json!({ "contentBlockIndex": index })));
    frames
}
