//! A chat completion in events.

use super::completion::{FINGERPRINT, annotations, call_id, finish_reason, tier, usage};
use super::{Chat, logprobs};
use crate::mock::cue::Cue;
use crate::mock::reply::{Call, Said};
use crate::wire::sse::SseEvent;
use serde_json::{Value, json};

/// The events of an answer: the role, the tokens, the end, the usage if it was asked for, and `[DONE]`.
pub(super) fn events(chat: &Chat, said: Said, cue: &Cue) -> impl Iterator<Item = SseEvent> + Send + 'static {
    let head = Head::of(chat, cue);
    let finish = finish_reason(chat, &said);
    let total = chat.wants_usage.then(|| (Vec::new(), usage(said.usage)));
    let (choices, probable) = (chat.choices, chat.logprobs);
    let annotations = Some(annotations(&said)).filter(|all| all != &json!([]));
    let calls = fragments(chat, &said, cue);
    // Tools follow each other within a choice, everything else goes on in all choices at the same time.
    let each = move |delta: Value, logprobs: Value| {
        (0..choices).map(move |index| choice(index, delta.clone(), logprobs.clone(), None))
    };
    let opening = if calls.is_empty() { json!("") } else { Value::Null };
    let role = each(json!({ "role": "assistant", "content": opening, "refusal": null }), Value::Null);
    let texts = said.text.into_iter().flat_map(move |token| {
        let probability = logprobs::of(probable, std::slice::from_ref(&token), &[]);
        each(json!({ "content": token }), probability)
    });
    let refusals = said.refusal.into_iter().flat_map(move |token| {
        let probability = logprobs::of(probable, &[], std::slice::from_ref(&token));
        each(json!({ "refusal": token }), probability)
    });
    let sources = annotations.into_iter().flat_map(move |all| each(json!({ "annotations": all }), Value::Null));
    let calls = calls.into_iter().map(|(index, delta)| choice(index, delta, Value::Null, None));
    let end = (0..choices).map(move |index| choice(index, json!({}), Value::Null, Some(&finish)));
    let all = role.chain(texts).chain(refusals).chain(sources).chain(calls).chain(end);
    let chunks = all.map(|choice| (vec![choice], Value::Null)).chain(total);
    let chunks = chunks.map(move |(choices, usage)| head.chunk(choices, usage));
    chunks.chain([SseEvent::data("[DONE]")])
}

/// The deltas of all calls with the index of their choice: the first of a call names it, the others bring its arguments.
fn fragments(chat: &Chat, said: &Said, cue: &Cue) -> Vec<(u64, Value)> {
    let mut all = Vec::new();
    for choice in 0..chat.choices {
        for (place, call) in said.calls.iter().enumerate() {
            let deltas = if chat.has_functions {
                function_deltas(call)
            } else {
                tool_deltas(call, &call_id(cue, call, choice, place), place)
            };
            all.extend(deltas.into_iter().map(|delta| (choice, delta)));
        }
    }
    all
}

fn tool_deltas(call: &Call, id: &str, place: usize) -> Vec<Value> {
    let function = json!({ "name": call.name, "arguments": "" });
    let first = json!({ "index": place, "id": id, "type": "function", "function": function });
    let rest = pieces(call).into_iter().map(|piece| json!({ "index": place, "function": { "arguments": piece } }));
    std::iter::once(first).chain(rest).map(|call| json!({ "tool_calls": [call] })).collect()
}

fn function_deltas(call: &Call) -> Vec<Value> {
    let first = json!({ "name": call.name, "arguments": "" });
    let rest = pieces(call).into_iter().map(|piece| json!({ "arguments": piece }));
    std::iter::once(first).chain(rest).map(|call| json!({ "function_call": call })).collect()
}

/// The arguments in fragments.
pub(super) fn pieces(call: &Call) -> Vec<String> {
    let text: Vec<char> = call.arguments_text().chars().collect();
    text.chunks(12).map(|piece| piece.iter().collect()).collect()
}

fn choice(index: u64, delta: Value, logprobs: Value, finish: Option<&str>) -> Value {
    json!({ "index": index, "delta": delta, "logprobs": logprobs, "finish_reason": finish })
}

/// What all chunks of an answer have in common.
struct Head {
    id: String,
    created: u64,
    model: String,
    tier: String,
    wants_usage: bool,
}

impl Head {
    fn of(chat: &Chat, cue: &Cue) -> Self {
        Self {
            id: cue.seed.id("chatcmpl-"),
            created: cue.seed.created(),
            model: chat.model.clone(),
            tier: tier(chat).to_owned(),
            wants_usage: chat.wants_usage,
        }
    }

    fn chunk(&self, choices: Vec<Value>, usage: Value) -> SseEvent {
        let mut chunk = json!({
            "id": self.id,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.model,
            "service_tier": self.tier,
            "system_fingerprint": FINGERPRINT,
            "choices": choices,
        });
        // Without the option no chunk has the field at all.
        if self.wants_usage {
            chunk["usage"] = usage;
        }
        SseEvent::data(chunk.to_string())
    }
}
