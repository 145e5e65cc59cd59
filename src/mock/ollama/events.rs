//! Answers in OpenAI's form, whole and in events.

use super::ask::{Ask, Reply};
use crate::mock::cue::Cue;
use crate::mock::reply::Call;
use bytes::Bytes;
use serde_json::{Value, json};

/// The two kinds of completions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Chat,
    Text,
}

/// The answer in one piece.
pub(super) fn whole(ask: &Ask, reply: &Reply, kind: Kind, cue: &Cue) -> Value {
    let text = reply.tokens.concat();
    let choice = match kind {
        Kind::Text => json!({ "text": text, "index": 0, "finish_reason": reply.reason }),
        Kind::Chat => {
            let mut message = json!({ "role": "assistant", "content": text });
            if let Some(thought) = &reply.thought {
                message["reasoning"] = thought.clone().into();
            }
            if !reply.calls.is_empty() {
                message["tool_calls"] = calls(reply, cue);
            }
            json!({ "index": 0, "message": message, "finish_reason": finish(reply) })
        }
    };
    let mut body = head(ask, kind, cue, false);
    body["choices"] = json!([choice]);
    body["usage"] = usage(reply.prompt, reply.cost);
    body
}

/// The events of a stream.
pub(super) fn events(ask: &Ask, reply: &Reply, kind: Kind, wants_usage: bool, cue: &Cue) -> Vec<Bytes> {
    let mut choices: Vec<Value> = Vec::new();
    match kind {
        Kind::Text => {
            let choice = |text: &str, end: Value| json!({ "text": text, "index": 0, "finish_reason": end });
            choices.extend(reply.tokens.iter().map(|token| choice(token, Value::Null)));
            choices.push(choice("", reply.reason.clone().into()));
        }
        Kind::Chat => {
            let choice = |delta: Value, end: Value| json!({ "index": 0, "delta": delta, "finish_reason": end });
            let said = |text: &str| json!({ "role": "assistant", "content": text });
            if let Some(thought) = &reply.thought {
                choices.push(choice(json!({ "role": "assistant", "content": "", "reasoning": thought }), Value::Null));
            }
            choices.extend(reply.tokens.iter().map(|token| choice(said(token), Value::Null)));
            if !reply.calls.is_empty() {
                let delta = json!({ "role": "assistant", "content": "", "tool_calls": calls(reply, cue) });
                choices.push(choice(delta, Value::Null));
            }
            choices.push(choice(said(""), finish(reply).into()));
        }
    }
    let chunk = |choices: Vec<Value>, usage: Value| {
        let mut chunk = head(ask, kind, cue, true);
        chunk["choices"] = choices.into();
        if !usage.is_null() {
            chunk["usage"] = usage;
        }
        Bytes::from(format!("data: {chunk}\n\n"))
    };
    // Completions of a text tell an empty usage on the way.
    let none = || if wants_usage && kind == Kind::Text { usage(0, 0) } else { Value::Null };
    let mut events: Vec<Bytes> = choices.into_iter().map(|choice| chunk(vec![choice], none())).collect();
    if wants_usage {
        events.push(chunk(vec![], usage(reply.prompt, reply.cost)));
    }
    events.push(Bytes::from_static(b"data: [DONE]\n\n"));
    events
}

fn head(ask: &Ask, kind: Kind, cue: &Cue, is_chunk: bool) -> Value {
    let (prefix, object) = match (kind, is_chunk) {
        (Kind::Chat, true) => ("chatcmpl-", "chat.completion.chunk"),
        (Kind::Chat, false) => ("chatcmpl-", "chat.completion"),
        (Kind::Text, _) => ("cmpl-", "text_completion"),
    };
    json!({
        "id": format!("{prefix}{}", cue.seed.created() % 1_000),
        "object": object,
        "created": cue.seed.created(),
        "model": ask.model,
        "system_fingerprint": "fp_ollama",
    })
}

fn finish(reply: &Reply) -> &str {
    if reply.calls.is_empty() { &reply.reason } else { "tool_calls" }
}

fn calls(reply: &Reply, cue: &Cue) -> Value {
    let call = |(index, call): (usize, &Call)| {
        let function = json!({ "name": call.name, "arguments": call.arguments_text() });
        let id = call.id.clone().unwrap_or_else(|| cue.seed.nth_id("call_", index));
        json!({ "id": id, "index": index, "type": "function", "function": function })
    };
    reply.calls.iter().enumerate().map(call).collect()
}

fn usage(prompt: u64, answer: u64) -> Value {
    json!({ "prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer })
}
