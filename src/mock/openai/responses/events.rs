//! A response in events.

use super::super::{Refusal, chunks, logprobs};
use super::ResponseRequest;
use super::object::{begun, finished};
use crate::mock::cue::Cue;
use crate::mock::reply::Said;
use crate::wire::sse::SseEvent;
use bytes::Bytes;
use serde_json::{Value, json};

/// All events, numbered in order.
struct Events(Vec<SseEvent>);

impl Events {
    fn push(&mut self, name: &str, fields: Value) {
        let mut data = json!({ "type": name, "sequence_number": self.0.len() });
        if let (Value::Object(data), Value::Object(fields)) = (&mut data, fields) {
            data.extend(fields);
        }
        self.0.push(SseEvent::named(name, data.to_string()));
    }
}

/// The events of an answer, in the vendor's order.
pub(super) fn events(request: &ResponseRequest, said: &Said, cue: &Cue) -> Vec<SseEvent> {
    let mut events = Events(Vec::new());
    let begun = Value::Object(begun(request, cue));
    events.push("response.created", json!({ "response": begun }));
    events.push("response.in_progress", json!({ "response": begun }));
    let whole = finished(request, said, cue);
    let items = whole["output"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut calls = said.calls.iter();
    for (place, item) in items.iter().enumerate() {
        let started = started(item);
        events.push("response.output_item.added", json!({ "output_index": place, "item": started }));
        match item["type"].as_str() {
            Some("reasoning") => reasoning(&mut events, item, place, said),
            Some("message") => message(&mut events, request, item, place, said),
            _ => {
                let pieces = calls.next().map(chunks::pieces).unwrap_or_default();
                call(&mut events, item, place, pieces);
            }
        }
        events.push("response.output_item.done", json!({ "output_index": place, "item": item }));
    }
    let end = format!("response.{}", whole["status"].as_str().unwrap_or("completed"));
    events.push(&end, json!({ "response": whole }));
    events.0
}

/// An item before anything of it has come.
fn started(item: &Value) -> Value {
    let mut item = item.clone();
    for (name, empty) in [("content", json!([])), ("summary", json!([])), ("arguments", json!(""))] {
        if item.get(name).is_some() {
            item[name] = empty;
        }
    }
    if item.get("status").is_some() {
        item["status"] = "in_progress".into();
    }
    item
}

fn reasoning(events: &mut Events, item: &Value, place: usize, said: &Said) {
    let at = |fields: Value| {
        let mut all = json!({ "item_id": item["id"], "output_index": place, "summary_index": 0 });
        if let (Value::Object(all), Value::Object(fields)) = (&mut all, fields) {
            all.extend(fields);
        }
        all
    };
    let part = |text: &str| json!({ "type": "summary_text", "text": text });
    let whole = said.reasoning.concat();
    events.push("response.reasoning_summary_part.added", at(json!({ "part": part("") })));
    for token in &said.reasoning {
        events.push("response.reasoning_summary_text.delta", at(json!({ "delta": token })));
    }
    events.push("response.reasoning_summary_text.done", at(json!({ "text": whole })));
    events.push("response.reasoning_summary_part.done", at(json!({ "part": part(&whole) })));
}

fn message(events: &mut Events, request: &ResponseRequest, item: &Value, place: usize, said: &Said) {
    let at = |fields: Value| {
        let mut all = json!({ "item_id": item["id"], "output_index": place, "content_index": 0 });
        if let (Value::Object(all), Value::Object(fields)) = (&mut all, fields) {
            all.extend(fields);
        }
        all
    };
    let part = &item["content"][0];
    if part["type"] == "refusal" {
        events.push("response.content_part.added", at(json!({ "part": { "type": "refusal", "refusal": "" } })));
        for token in &said.refusal {
            events.push("response.refusal.delta", at(json!({ "delta": token })));
        }
        events.push("response.refusal.done", at(json!({ "refusal": part["refusal"] })));
    } else {
        let empty = json!({ "type": "output_text", "text": "", "annotations": [], "logprobs": [] });
        events.push("response.content_part.added", at(json!({ "part": empty })));
        for token in &said.text {
            let probable = |alternatives| logprobs::entries(alternatives, std::slice::from_ref(token));
            let logprobs = request.logprobs.map_or(json!([]), probable);
            events.push("response.output_text.delta", at(json!({ "delta": token, "logprobs": logprobs })));
        }
        for (index, annotation) in part["annotations"].as_array().into_iter().flatten().enumerate() {
            let fields = json!({ "annotation_index": index, "annotation": annotation });
            events.push("response.output_text.annotation.added", at(fields));
        }
        let whole = json!({ "text": part["text"], "logprobs": part["logprobs"] });
        events.push("response.output_text.done", at(whole));
    }
    events.push("response.content_part.done", at(json!({ "part": part })));
}

fn call(events: &mut Events, item: &Value, place: usize, pieces: Vec<String>) {
    for piece in pieces {
        let delta = json!({ "item_id": item["id"], "output_index": place, "delta": piece });
        events.push("response.function_call_arguments.delta", delta);
    }
    let done = json!({
        "item_id": item["id"],
        "output_index": place,
        "name": item["name"],
        "arguments": item["arguments"],
    });
    events.push("response.function_call_arguments.done", done);
}

/// The event of an error that ends a stream; the count of the events before it numbers it.
pub(super) fn error(refusal: &Refusal, place: u32) -> Bytes {
    let code = refusal.code.unwrap_or(refusal.kind);
    let data = json!({
        "type": "error",
        "sequence_number": place,
        "code": code,
        "message": refusal.message,
        "param": refusal.param,
    });
    SseEvent::named("error", data.to_string()).to_string().into()
}
