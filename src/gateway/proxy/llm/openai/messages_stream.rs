//! Chunks of a chat completion as Anthropic's events.
//!
//! An event that is no chunk, an error among them, vanishes; the message ends when both the reason and the usage are known,
//! or with `[DONE]`. Source: facts/conformance.md B.0 surprise 1.

use super::messages_answer::{FinishReason, usage};
use crate::gateway::proxy::{
    body::Body,
    llm::{
        spent::Spent,
        stream::{Arrived, named, translated},
        usage as cost,
    },
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The stream that the client sees.
pub fn translate(body: Body, spent: Spent) -> Body {
    let mut message = Message::default();
    translated(body, move |arrived| match arrived {
        Arrived::Data(data) => {
            let Ok(chunk) = serde_json::from_str::<Chunk>(data) else { return String::new() };
            if let Ok(whole) = serde_json::from_str(data) {
                cost::note(&whole, &spent);
            }
            if !chunk.choices.is_empty() {
                spent.token();
            }
            message.hear(chunk);
            std::mem::take(&mut message.said)
        }
        Arrived::Done => {
            message.end(true);
            std::mem::take(&mut message.said)
        }
        Arrived::End => String::new(),
    })
}

#[derive(Deserialize)]
struct Chunk {
    id: String,
    choices: Vec<Choice>,
    model: String,
    usage: Option<Value>,
}

#[derive(Deserialize)]
struct Choice {
    delta: Delta,
    finish_reason: Option<FinishReason>,
}

#[derive(Deserialize)]
struct Delta {
    content: Option<String>,
    tool_calls: Option<Vec<Fragment>>,
}

#[derive(Deserialize)]
struct Fragment {
    #[serde(default)]
    index: u64,
    id: Option<String>,
    function: Option<Function>,
}

#[derive(Deserialize)]
struct Function {
    name: Option<String>,
    arguments: Option<String>,
}

/// A call of a tool as far as it is known.
#[derive(Default)]
struct Call {
    id: Option<String>,
    name: Option<String>,
    /// Arguments that came before the name.
    waiting: String,
    /// Index of its block, once it is open.
    block: Option<u64>,
    open: bool,
}

/// A message that is being written.
#[derive(Default)]
struct Message {
    /// Events that are still to be sent.
    said: String,
    begun: bool,
    ended: bool,
    blocks: u64,
    text: Option<u64>,
    calls: BTreeMap<u64, Call>,
    stop: Option<&'static str>,
    usage: Option<Value>,
}

impl Message {
    fn say(&mut self, name: &str, mut fields: Value) {
        let mut event = json!({"type": name});
        if let (Some(event), Some(fields)) = (event.as_object_mut(), fields.as_object_mut()) {
            event.append(fields);
        }
        self.said.push_str(&named(name, &event));
    }

    fn hear(&mut self, chunk: Chunk) {
        if !std::mem::replace(&mut self.begun, true) {
            let message = json!({"id": chunk.id, "type": "message", "role": "assistant", "content": [], "model": chunk.model,
                "stop_reason": null, "stop_sequence": null, "usage": {"input_tokens": 0, "output_tokens": 0}});
            self.say("message_start", json!({"message": message}));
        }
        self.usage = chunk.usage.filter(Value::is_object).or(self.usage.take());
        if let Some(choice) = chunk.choices.into_iter().next() {
            if let Some(text) = choice.delta.content.filter(|text| !text.is_empty()) {
                let index = self.open_text();
                self.say("content_block_delta", json!({"index": index, "delta": {"type": "text_delta", "text": text}}));
            }
            for fragment in choice.delta.tool_calls.into_iter().flatten() {
                self.hear_call(fragment);
            }
            self.stop = choice.finish_reason.map(|reason| reason.stop_reason("refusal")).or(self.stop);
        }
        self.end(false);
    }

    fn open_text(&mut self) -> u64 {
        if let Some(index) = self.text {
            return index;
        }
        self.close_calls();
        let index = self.next_block();
        self.text = Some(index);
        self.say("content_block_start", json!({"index": index, "content_block": {"type": "text", "text": ""}}));
        index
    }

    fn next_block(&mut self) -> u64 {
        self.blocks += 1;
        self.blocks - 1
    }

    fn hear_call(&mut self, fragment: Fragment) {
        let call = self.calls.entry(fragment.index).or_default();
        call.id = fragment.id.or(call.id.take());
        if let Some(function) = fragment.function {
            call.name = function.name.or(call.name.take());
            call.waiting.push_str(&function.arguments.unwrap_or_default());
        }
        let Some(name) = call.name.clone() else { return };
        let id = call.id.clone().unwrap_or_else(|| format!("tool_call_{}", fragment.index));
        let arguments = std::mem::take(&mut call.waiting);
        let (was_open, known) = (std::mem::replace(&mut call.open, true), call.block);
        self.close_text();
        let block = known.unwrap_or_else(|| self.next_block());
        if let Some(call) = self.calls.get_mut(&fragment.index) {
            call.block = Some(block);
        }
        if !was_open {
            let content = json!({"type": "tool_use", "id": id, "name": name, "input": {}});
            self.say("content_block_start", json!({"index": block, "content_block": content}));
        }
        if !arguments.is_empty() {
            let delta = json!({"type": "input_json_delta", "partial_json": arguments});
            self.say("content_block_delta", json!({"index": block, "delta": delta}));
        }
    }

    fn close_text(&mut self) {
        if let Some(index) = self.text.take() {
            self.say("content_block_stop", json!({"index": index}));
        }
    }

    fn close_calls(&mut self) {
        let close = |call: &mut Call| std::mem::take(&mut call.open).then_some(call.block).flatten();
        let mut blocks: Vec<u64> = self.calls.values_mut().filter_map(close).collect();
        blocks.sort_unstable();
        for index in blocks {
            self.say("content_block_stop", json!({"index": index}));
        }
    }

    /// Ends the message where all is known that its end tells, or at any rate.
    fn end(&mut self, at_any_rate: bool) {
        if self.ended || !(at_any_rate || (self.stop.is_some() && self.usage.is_some())) {
            return;
        }
        self.ended = true;
        self.close_text();
        self.close_calls();
        let delta = json!({"stop_reason": self.stop.unwrap_or("end_turn"), "stop_sequence": null});
        let usage = usage(self.usage.as_ref());
        self.say("message_delta", json!({"delta": delta, "usage": usage}));
        self.say("message_stop", json!({}));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(chunks: &[Value], done: bool) -> String {
        let mut message = Message::default();
        for chunk in chunks {
            if let Ok(chunk) = serde_json::from_value(chunk.clone()) {
                message.hear(chunk);
            }
        }
        if done {
            message.end(true);
        }
        let names = message.said.lines().filter_map(|line| line.strip_prefix("event: "));
        names.map(|name| name.trim_start_matches("content_")).collect::<Vec<_>>().join(" ")
    }

    fn chunk(delta: Value, finish: Value) -> Value {
        json!({"id": "c", "model": "m", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})
    }

    #[test]
    fn a_message_has_a_beginning_blocks_and_an_end() {
        let call = |fields: Value| json!({"tool_calls": [fields]});
        let chunks = [
            chunk(json!({"role": "assistant", "content": ""}), Value::Null),
            chunk(json!({"content": "Hel"}), Value::Null),
            chunk(call(json!({"index": 0, "id": "t", "function": {"name": "n", "arguments": ""}})), Value::Null),
            chunk(call(json!({"index": 0, "function": {"arguments": "{}"}})), Value::Null),
            chunk(json!({}), json!("tool_calls")),
            json!({"id": "c", "model": "m", "choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2}}),
        ];
        let expected = "message_start block_start block_delta block_stop block_start block_delta block_stop message_delta \
                        message_stop";
        assert_eq!(told(&chunks, false), expected);
    }

    #[test]
    fn an_error_leaves_the_message_without_an_end() {
        let chunks = [chunk(json!({"content": "Hel"}), Value::Null), json!({"error": {"message": "x"}})];
        assert_eq!(told(&chunks, false), "message_start block_start block_delta");
        assert!(told(&chunks, true).ends_with("message_delta message_stop"));
    }
}
