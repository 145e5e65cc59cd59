//! A chat completion as a response, whole and as events. Source: facts/conformance.md C.1 and facts/proxy.md 3.4.

use crate::gateway::proxy::{llm::stream::named, refusal::Refusal};
use serde_json::{Value, json};

/// The response for a completion.
pub fn translate(completion: &[u8]) -> Result<Vec<u8>, Refusal> {
    let completion: Value = serde_json::from_slice(completion).map_err(|error| Refusal::unparsable_response(&error))?;
    Ok(response(&completion).to_string().into_bytes())
}

fn response(completion: &Value) -> Value {
    let id = completion["id"].as_str().unwrap_or_default();
    let message = &completion["choices"][0]["message"];
    let mut output = Vec::new();
    if let Some(text) = message["content"].as_str().filter(|text| !text.is_empty()) {
        let content = json!([{"type": "output_text", "text": text, "annotations": []}]);
        output.push(json!({"type": "message", "id": format!("msg_{id}"), "role": "assistant", "status": "completed",
            "content": content}));
    }
    for call in message["tool_calls"].as_array().into_iter().flatten() {
        output.push(json!({"type": "function_call", "id": call["id"], "call_id": call["id"], "status": "completed",
            "name": call["function"]["name"], "arguments": call["function"]["arguments"]}));
    }
    let finish = completion["choices"][0]["finish_reason"].as_str();
    let cut = match finish {
        Some("length") => json!({"reason": "max_output_tokens"}),
        Some("content_filter") => json!({"reason": "content_filter"}),
        _ => Value::Null,
    };
    let usage = &completion["usage"];
    json!({
        "id": format!("resp_{id}"),
        "object": "response",
        "created_at": completion["created"],
        "status": if cut.is_null() { "completed" } else { "incomplete" },
        "model": completion["model"],
        "output": output,
        "incomplete_details": cut,
        "usage": {"input_tokens": usage["prompt_tokens"], "output_tokens": usage["completion_tokens"],
            "total_tokens": usage["total_tokens"]},
    })
}

/// A response that is being written, event by event, from chunks of a chat completion.
#[derive(Debug, Default)]
pub struct Writing {
    completion: Value,
    text: String,
    sequence: u64,
}

impl Writing {
    /// The events for a chunk.
    pub fn chunk(&mut self, chunk: &Value) -> String {
        let mut told = String::new();
        if self.completion.is_null() {
            self.completion = json!({"id": chunk["id"], "model": chunk["model"], "created": chunk["created"],
                "choices": [{"message": {"content": ""}, "finish_reason": null}], "usage": {}});
            let mut begun = response(&self.completion);
            begun["status"] = "in_progress".into();
            told.push_str(&self.event("response.created", json!({"response": begun})));
        }
        if let Some(usage) = chunk.get("usage").filter(|usage| usage.is_object()) {
            self.completion["usage"] = usage.clone();
        }
        let choice = &chunk["choices"][0];
        if let Some(text) = choice["delta"]["content"].as_str().filter(|text| !text.is_empty()) {
            self.text.push_str(text);
            told.push_str(
                &self
                    .event("response.output_text.delta", json!({"output_index": 0, "content_index": 0, "delta": text})),
            );
        }
        if choice["finish_reason"].is_string() {
            self.completion["choices"][0]["finish_reason"] = choice["finish_reason"].clone();
        }
        told
    }

    /// The last event.
    pub fn end(&mut self) -> String {
        if self.completion.is_null() {
            return String::new();
        }
        self.completion["choices"][0]["message"]["content"] = std::mem::take(&mut self.text).into();
        let whole = response(&self.completion);
        self.event("response.completed", json!({"response": whole}))
    }

    fn event(&mut self, name: &str, mut fields: Value) -> String {
        let mut event = json!({"type": name, "sequence_number": self.sequence});
        self.sequence += 1;
        if let (Some(event), Some(fields)) = (event.as_object_mut(), fields.as_object_mut()) {
            event.append(fields);
        }
        named(name, &event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_completion_becomes_a_response() {
        let completion = json!({"id": "c1", "model": "m", "created": 7, "choices": [{"finish_reason": "stop",
            "message": {"role": "assistant", "content": "hi"}}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}});
        let response: Value = serde_json::from_slice(&translate(completion.to_string().as_bytes()).unwrap()).unwrap();
        assert_eq!((&response["status"], &response["id"]), (&json!("completed"), &json!("resp_c1")));
        assert_eq!(response["output"][0]["content"][0]["text"], "hi");
        assert_eq!(response["usage"], json!({"input_tokens": 1, "output_tokens": 2, "total_tokens": 3}));
    }

    #[test]
    fn chunks_become_events() {
        let mut writing = Writing::default();
        let told = writing.chunk(&json!({"id": "c", "model": "m", "choices": [{"delta": {"content": "hi"}}]}));
        assert!(
            told.contains("event: response.created") && told.contains("event: response.output_text.delta"),
            "{told}"
        );
        assert!(writing.end().starts_with("event: response.completed"));
    }
}
