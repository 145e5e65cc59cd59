//! A chat completion in one piece.

use super::{Chat, logprobs};
use crate::exchange::Citation;
use crate::mock::cue::Cue;
use crate::mock::reply::{Call, Ending, Said, Usage};
use serde_json::{Map, Value, json};

/// The configuration of the vendor that made the answer; this mock has only one.
pub(super) const FINGERPRINT: &str = "fp_5a1db0c5e7";

/// The answer to a request.
pub(super) fn body(chat: &Chat, said: &Said, cue: &Cue) -> Value {
    let choice = |index: u64| {
        json!({
            "index": index,
            "message": message(chat, said, cue, index),
            "logprobs": logprobs::of(chat.logprobs, &said.text, &said.refusal),
            "finish_reason": finish_reason(chat, said),
        })
    };
    json!({
        "id": cue.seed.id("chatcmpl-"),
        "object": "chat.completion",
        "created": cue.seed.created(),
        "model": chat.model,
        "choices": (0..chat.choices).map(choice).collect::<Vec<_>>(),
        "usage": usage(said.usage),
        "service_tier": tier(chat),
        "system_fingerprint": FINGERPRINT,
    })
}

/// The tier that served the request.
pub(super) fn tier(chat: &Chat) -> &str {
    match chat.tier.as_deref() {
        None | Some("auto") => "default",
        Some("fast") => "priority",
        Some(tier) => tier,
    }
}

fn message(chat: &Chat, said: &Said, cue: &Cue, choice: u64) -> Map<String, Value> {
    let text = |tokens: &[String]| if tokens.is_empty() { Value::Null } else { tokens.concat().into() };
    // An empty text is still a text where nothing else is said.
    let says_nothing = said.text.is_empty() && said.refusal.is_empty() && said.calls.is_empty();
    let content = if says_nothing { "".into() } else { text(&said.text) };
    let mut message = Map::new();
    message.insert("role".to_owned(), "assistant".into());
    message.insert("content".to_owned(), content);
    message.insert("refusal".to_owned(), text(&said.refusal));
    message.insert("annotations".to_owned(), annotations(said));
    if said.calls.is_empty() {
        return message;
    }
    if chat.has_functions {
        message.insert("function_call".to_owned(), function(&said.calls[0]));
        return message;
    }
    let calls = said.calls.iter().enumerate().map(|(place, call)| {
        json!({ "id": call_id(cue, call, choice, place), "type": "function", "function": function(call) })
    });
    message.insert("tool_calls".to_owned(), calls.collect());
    message
}

fn function(call: &Call) -> Value {
    json!({ "name": call.name, "arguments": call.arguments_text() })
}

/// The id of a call; equal requests get equal ones.
pub(super) fn call_id(cue: &Cue, call: &Call, choice: u64, place: usize) -> String {
    // There are at most 128 choices.
    call.id.clone().unwrap_or_else(|| cue.seed.nth_id("call_", place + choice as usize * 1_000))
}

/// The sources on the web that a text names.
pub(super) fn annotations(said: &Said) -> Value {
    let text = said.text.concat();
    said.citations.iter().filter_map(|citation| annotation(&text, citation)).collect()
}

fn annotation(text: &str, citation: &Citation) -> Option<Value> {
    let (start, end) = span(text, citation)?;
    let citation = json!({ "start_index": start, "end_index": end, "url": citation.url, "title": citation.title });
    Some(json!({ "type": "url_citation", "url_citation": citation }))
}

/// Where the words of a citation stand in a text, in characters; nowhere for one that is not on the web.
pub(super) fn span(text: &str, citation: &Citation) -> Option<(usize, usize)> {
    citation.url.as_ref()?;
    let start = text.find(&citation.text).map_or(0, |place| text[..place].chars().count());
    Some((start, start + citation.text.chars().count()))
}

/// Why the answer ended.
pub(super) fn finish_reason(chat: &Chat, said: &Said) -> String {
    let reason = match &said.ending {
        Ending::Limit => "length",
        Ending::Calls if chat.has_functions => "function_call",
        Ending::Calls => "tool_calls",
        Ending::Done | Ending::Stop(_) | Ending::Refusal => "stop",
    };
    said.finish.clone().unwrap_or_else(|| reason.to_owned())
}

/// What request and answer cost.
pub(super) fn usage(usage: Usage) -> Value {
    json!({
        "prompt_tokens": usage.input,
        "completion_tokens": usage.output,
        "total_tokens": usage.input.saturating_add(usage.output),
        "prompt_tokens_details": { "cached_tokens": usage.cached, "audio_tokens": 0 },
        "completion_tokens_details": {
            "reasoning_tokens": usage.reasoning,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    })
}
