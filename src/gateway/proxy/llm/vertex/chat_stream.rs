//! Google's stream as chunks of a chat completion. Source: facts/proxy.md 3.3: the role is in the first chunk, the usage in
//! the last, and `[DONE]` follows, also where an error cut the answer short.

use super::chat_answer::{Parts, finish_reason, is_blocked, usage};
use crate::gateway::proxy::{
    body::Body,
    llm::{
        openai::completion::{Envelope, now},
        spent::Spent,
        stream::{Arrived, DONE, translated, unnamed},
        usage as cost,
    },
};
use serde_json::{Map, Value, json};

/// The stream that the client sees. `model` is what was asked for, where the provider names none.
pub fn translate(body: Body, model: String, spent: Spent) -> Body {
    let mut progress = Progress::new(model);
    translated(body, move |arrived| match arrived {
        Arrived::Data(data) => {
            let Ok(chunk) = serde_json::from_str::<Value>(data) else { return String::new() };
            spent.token();
            cost::note(&chunk, &spent);
            progress.chunk(&chunk).map(|chunk| unnamed(&chunk)).unwrap_or_default()
        }
        Arrived::Done => String::new(),
        Arrived::End => DONE.to_owned(),
    })
}

struct Progress {
    envelope: Envelope,
    named: bool,
    role_told: bool,
    calls: usize,
}

impl Progress {
    fn new(model: String) -> Self {
        Self { envelope: Envelope::new(String::new(), model), named: false, role_told: false, calls: 0 }
    }

    fn chunk(&mut self, chunk: &Value) -> Option<Value> {
        // What is no answer, an error among them, vanishes.
        if chunk.get("error").is_some() || !chunk.is_object() {
            return None;
        }
        if !std::mem::replace(&mut self.named, true) {
            let id = chunk["responseId"].as_str().map_or_else(|| format!("vertex-gemini-{}", now()), str::to_owned);
            let model = chunk["modelVersion"].as_str().unwrap_or(&self.envelope.model).to_owned();
            self.envelope = Envelope::new(id, model);
        }
        let candidate = chunk.pointer("/candidates/0");
        let parts = candidate.map(Parts::of).unwrap_or_default();
        let delta = self.delta(parts);
        let finish = match candidate.and_then(|candidate| candidate["finishReason"].as_str()) {
            Some(reason) => Some(finish_reason(Some(reason), self.calls > 0)),
            None if candidate.is_none() && is_blocked(chunk) => Some("content_filter"),
            None => None,
        };
        let told = chunk.get("usageMetadata").filter(|_| finish.is_some() || delta.is_empty()).map(usage);
        if delta.is_empty() && finish.is_none() {
            return told.map(|usage| self.envelope.chunk_of(json!([]), usage));
        }
        Some(self.envelope.chunk(delta.into(), finish, told.unwrap_or_default()))
    }

    fn delta(&mut self, parts: Parts) -> Map<String, Value> {
        let mut delta = Map::new();
        for (name, text) in [("content", parts.text), ("reasoning_content", parts.thought)] {
            if !text.is_empty() {
                delta.insert(name.to_owned(), text.into());
            }
        }
        let mut calls = Vec::new();
        for call in &parts.calls {
            let mut whole = json!({"index": self.calls});
            if let (Some(whole), Value::Object(call)) =
                (whole.as_object_mut(), call.whole(&self.envelope.id, self.calls))
            {
                whole.extend(call);
            }
            self.calls += 1;
            calls.push(whole);
        }
        if !calls.is_empty() {
            delta.insert("tool_calls".to_owned(), calls.into());
        }
        if !std::mem::replace(&mut self.role_told, true) {
            delta.insert("role".to_owned(), "assistant".into());
        }
        delta
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_role_comes_first_and_the_usage_last() {
        let mut progress = Progress::new("m".to_owned());
        let part = |text: &str| json!({"content": {"parts": [{"text": text}]}});
        let usage = json!({"promptTokenCount": 3, "candidatesTokenCount": 2});
        let first =
            progress.chunk(&json!({"responseId": "r", "candidates": [part("Hel")], "usageMetadata": usage})).unwrap();
        assert_eq!(first["choices"][0]["delta"], json!({"content": "Hel", "role": "assistant"}));
        assert_eq!((&first["usage"], &first["id"], &first["model"]), (&Value::Null, &json!("r"), &json!("m")));
        let mut last = part("lo");
        last["finishReason"] = "STOP".into();
        let last = progress.chunk(&json!({"candidates": [last], "usageMetadata": usage})).unwrap();
        assert_eq!(last["choices"][0], json!({"index": 0, "delta": {"content": "lo"}, "finish_reason": "stop"}));
        assert_eq!(last["usage"]["total_tokens"], 5);
        assert_eq!(progress.chunk(&json!({"error": {"code": 500}})), None);
    }
}
