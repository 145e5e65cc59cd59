//! A message in one piece.

use super::request::Ask;
use crate::exchange::Citation;
use crate::mock::cue::Cue;
use crate::mock::reply::{Ending, Said, Usage};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

/// The answer to a request.
pub(super) fn body(ask: &Ask, said: &Said, cue: &Cue) -> Value {
    let mut message = head(ask, said.usage, cue);
    message["content"] = blocks(ask, said, cue).into();
    let end = end(said);
    for name in ["stop_reason", "stop_sequence", "stop_details"] {
        message[name] = end[name].clone();
    }
    message
}

/// The message before anything has been said.
pub(super) fn head(ask: &Ask, said: Usage, cue: &Cue) -> Value {
    json!({
        "id": cue.seed.id("msg_"),
        "type": "message",
        "role": "assistant",
        "model": ask.model,
        "content": [],
        "stop_reason": null,
        "stop_sequence": null,
        "stop_details": null,
        "usage": usage(said),
    })
}

/// The blocks of an answer, in order: thoughts, text, calls.
pub(super) fn blocks(ask: &Ask, said: &Said, cue: &Cue) -> Vec<Value> {
    let mut blocks = Vec::new();
    if !said.reasoning.is_empty() {
        let thinking = said.reasoning.concat();
        let signature = STANDARD.encode(cue.seed.id("signature-"));
        blocks.push(json!({ "type": "thinking", "thinking": thinking, "signature": signature }));
    }
    let text = said.refusal.concat() + &said.text.concat();
    if !text.is_empty() {
        let mut block = json!({ "type": "text", "text": text });
        if !said.citations.is_empty() {
            block["citations"] = said.citations.iter().map(|source| citation(ask, source)).collect();
        }
        blocks.push(block);
    }
    for (place, call) in said.calls.iter().enumerate() {
        let id = call.id.clone().unwrap_or_else(|| cue.seed.nth_id("toolu_", place));
        blocks.push(json!({ "type": "tool_use", "id": id, "name": call.name, "input": call.arguments }));
    }
    blocks
}

fn citation(ask: &Ask, source: &Citation) -> Value {
    match &source.url {
        Some(url) => json!({
            "type": "web_search_result_location",
            "cited_text": source.text,
            "encrypted_index": STANDARD.encode(url),
            "title": source.title,
            "url": url,
        }),
        None => json!({
            "type": "char_location",
            "cited_text": source.text,
            "document_index": 0,
            "document_title": source.title,
            "start_char_index": 0,
            "end_char_index": source.text.chars().count().min(ask.document.unwrap_or(usize::MAX)),
            "file_id": null,
        }),
    }
}

/// Why the answer ended: `stop_reason`, `stop_sequence` and `stop_details`.
pub(super) fn end(said: &Said) -> Value {
    let (reason, sequence) = match &said.ending {
        Ending::Limit => ("max_tokens", None),
        Ending::Calls => ("tool_use", None),
        Ending::Stop(text) => ("stop_sequence", Some(text)),
        Ending::Refusal => ("refusal", None),
        Ending::Done => ("end_turn", None),
    };
    let reason = said.finish.as_deref().unwrap_or(reason);
    let details = (reason == "refusal").then(|| json!({ "type": "refusal", "category": null, "explanation": null }));
    json!({ "stop_reason": reason, "stop_sequence": sequence, "stop_details": details })
}

/// What request and answer cost; the vendor does not count cached tokens as input.
pub(super) fn usage(usage: Usage) -> Value {
    json!({
        "input_tokens": usage.input.saturating_sub(usage.cached).saturating_sub(usage.cache_written),
        "cache_creation_input_tokens": usage.cache_written,
        "cache_read_input_tokens": usage.cached,
        "cache_creation": {
            "ephemeral_5m_input_tokens": usage.cache_written,
            "ephemeral_1h_input_tokens": 0,
        },
        "output_tokens": usage.output,
        "service_tier": "standard",
    })
}
