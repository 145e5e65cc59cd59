//! The items of an answer.

use super::super::completion::span;
use super::super::logprobs;
use super::ResponseRequest;
use crate::mock::cue::Cue;
use crate::mock::reply::{Ending, Said};
use serde_json::{Value, json};

/// The items of an answer, in order: thoughts, a message, calls.
pub(super) fn items(request: &ResponseRequest, said: &Said, cue: &Cue) -> Vec<Value> {
    let status = if said.ending == Ending::Limit { "incomplete" } else { "completed" };
    let mut items = Vec::new();
    if !said.reasoning.is_empty() {
        let summary = json!([{ "type": "summary_text", "text": said.reasoning.concat() }]);
        items.push(json!({ "id": cue.seed.id("rs_"), "type": "reasoning", "summary": summary }));
    }
    if let Some(part) = part(request, said) {
        items.push(json!({
            "id": cue.seed.id("msg_"),
            "type": "message",
            "status": status,
            "role": "assistant",
            "content": [part],
        }));
    }
    for (place, call) in said.calls.iter().enumerate() {
        items.push(json!({
            "id": cue.seed.nth_id("fc_", place),
            "type": "function_call",
            "status": "completed",
            "call_id": call.id.clone().unwrap_or_else(|| cue.seed.nth_id("call_", place)),
            "name": call.name,
            "arguments": call.arguments_text(),
        }));
    }
    items
}

fn part(request: &ResponseRequest, said: &Said) -> Option<Value> {
    if !said.refusal.is_empty() {
        return Some(json!({ "type": "refusal", "refusal": said.refusal.concat() }));
    }
    if said.text.is_empty() && !said.calls.is_empty() {
        return None;
    }
    let text = said.text.concat();
    let annotations: Vec<Value> = said
        .citations
        .iter()
        .filter_map(|source| {
            let (start, end) = span(&text, source)?;
            Some(json!({
                "type": "url_citation",
                "start_index": start,
                "end_index": end,
                "url": source.url,
                "title": source.title,
            }))
        })
        .collect();
    let probabilities = request.logprobs.map_or(json!([]), |alternatives| logprobs::entries(alternatives, &said.text));
    Some(json!({ "type": "output_text", "text": text, "annotations": annotations, "logprobs": probabilities }))
}
