//! Requests for responses, as far as the proxy looks into them, and as chat completions for those who know no other.

use super::chat;
use crate::gateway::proxy::refusal::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value, json};

/// A request for a response. The order of the fields is the order upstream.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Request {
    /// A text, or items.
    pub input: Value,
    /// Model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Longest answer, in tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<Number>,
    /// Temperature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<Number>,
    /// Nucleus sampling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_p: Option<Number>,
    /// Whether the answer is to come as a stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream: Option<bool>,
    /// Everything else.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl Request {
    /// Reads a body; the texts of errors are part of the answer.
    pub fn parse(body: &[u8]) -> Result<Self, Refusal> {
        serde_json::from_slice(body).map_err(|error| Refusal::unparsable_request(&error))
    }

    /// The same as a chat completion request; `instructions` become a developer's message. Source: facts/proxy.md 3.4.
    pub fn to_chat(&self) -> Result<chat::Request, Refusal> {
        let mut messages = Vec::new();
        messages.extend(self.rest.get("instructions").map(|text| json!({"role": "developer", "content": text})));
        match &self.input {
            Value::String(text) => messages.push(json!({"role": "user", "content": text})),
            Value::Array(items) => messages.extend(items.iter().filter_map(message)),
            _ => {}
        }
        let mut chat = json!({"messages": messages, "model": self.model});
        for (field, value) in [("temperature", &self.temperature), ("top_p", &self.top_p)] {
            if let Some(value) = value {
                chat[field] = value.clone().into();
            }
        }
        if let Some(most) = &self.max_output_tokens {
            chat["max_completion_tokens"] = most.clone().into();
        }
        if let Some(tools) = self.rest.get("tools").and_then(Value::as_array) {
            chat["tools"] = tools.iter().filter_map(tool).collect();
        }
        if let Some(choice) = self.rest.get("tool_choice") {
            chat["tool_choice"] = match choice.get("name") {
                Some(name) => json!({"type": "function", "function": {"name": name}}),
                None => choice.clone(),
            };
        }
        if let Some(streams) = self.stream {
            chat["stream"] = streams.into();
        }
        serde_json::from_value(chat).map_err(|error| Refusal::Processing(format!("failed to marshal request: {error}")))
    }
}

fn message(item: &Value) -> Option<Value> {
    match item.get("type").and_then(Value::as_str) {
        Some("function_call") => {
            let function = json!({"name": item["name"], "arguments": item["arguments"]});
            let call = json!({"id": item["call_id"], "type": "function", "function": function});
            Some(json!({"role": "assistant", "content": null, "tool_calls": [call]}))
        }
        Some("function_call_output") => {
            Some(json!({"role": "tool", "tool_call_id": item["call_id"], "content": item["output"]}))
        }
        None | Some("message") => Some(json!({"role": item.get("role")?, "content": content(item.get("content")?)})),
        Some(_) => None,
    }
}

fn content(content: &Value) -> Value {
    let Some(parts) = content.as_array() else { return content.clone() };
    let part = |part: &Value| match part.get("image_url") {
        Some(url) => json!({"type": "image_url", "image_url": {"url": url}}),
        None => json!({"type": "text", "text": part.get("text")}),
    };
    parts.iter().map(part).collect()
}

fn tool(tool: &Value) -> Option<Value> {
    (tool.get("type")? == "function").then(|| {
        let mut function = tool.clone();
        if let Some(fields) = function.as_object_mut() {
            fields.remove("type");
        }
        json!({"type": "function", "function": function})
    })
}
