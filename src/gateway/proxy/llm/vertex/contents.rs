//! Messages of a chat as Google's contents: turns of user and model, by turns. Source: facts/proxy.md 3.2.

use crate::gateway::proxy::{llm::anthropic::messages::text, refusal::Refusal};
use serde_json::{Value, json};
use std::collections::HashMap;

/// What stands between the id of a call and the signature of the thought behind it, in an id that clients send back.
pub const THOUGHT: &str = "__thought__";

/// A conversation.
#[derive(Debug, Default)]
pub struct Contents {
    /// Texts of the system and the developer.
    pub system: Vec<String>,
    /// Turns.
    pub turns: Vec<Value>,
}

/// The conversation of these messages.
pub fn of(messages: &[Value]) -> Result<Contents, Refusal> {
    let mut contents = Contents::default();
    let mut names: HashMap<&str, &Value> = HashMap::new();
    for message in messages {
        let content = &message["content"];
        match message["role"].as_str().unwrap_or_default() {
            "system" | "developer" => contents.system.extend(Some(text(content)).filter(|text| !text.is_empty())),
            "user" => contents.push("user", user_parts(content)?),
            "assistant" => {
                let calls = message["tool_calls"].as_array().map(Vec::as_slice).unwrap_or_default();
                names.extend(calls.iter().filter_map(|call| Some((call["id"].as_str()?, &call["function"]["name"]))));
                let said = Some(text(content)).filter(|text| !text.is_empty()).map(|text| json!({"text": text}));
                contents.push("model", said.into_iter().chain(calls.iter().map(function_call)).collect());
            }
            "tool" | "function" => {
                let called = message["tool_call_id"].as_str().and_then(|id| names.get(id).copied());
                let name = called.unwrap_or(&message["name"]);
                let response = json!({"name": name, "response": {"content": text(content)}});
                contents.push("user", vec![json!({"functionResponse": response})]);
            }
            _ => {}
        }
    }
    if contents.turns.is_empty() {
        contents.turns.push(json!({"role": "user", "parts": [{"text": " "}]}));
    }
    Ok(contents)
}

impl Contents {
    /// Adds to the turn that goes on, or begins one. A turn of the user needs a text; a blank stands in for it.
    fn push(&mut self, role: &str, mut parts: Vec<Value>) {
        if parts.is_empty() {
            return;
        }
        let has_text = |parts: &[Value]| parts.iter().any(|part| part.get("text").is_some());
        let last = self.turns.last_mut().filter(|turn| turn["role"] == role);
        let before = last.as_ref().and_then(|turn| turn["parts"].as_array()).map(Vec::as_slice).unwrap_or_default();
        if role == "user" && !has_text(before) && !has_text(&parts) {
            parts.push(json!({"text": " "}));
        }
        match last.and_then(|turn| turn["parts"].as_array_mut()) {
            Some(before) => before.extend(parts),
            None => self.turns.push(json!({"role": role, "parts": parts})),
        }
    }
}

fn user_parts(content: &Value) -> Result<Vec<Value>, Refusal> {
    let Some(parts) = content.as_array() else {
        return Ok(content.as_str().map(|text| json!({"text": text})).into_iter().collect());
    };
    let mut found = Vec::new();
    for part in parts {
        match part["type"].as_str() {
            Some("text") => found.push(json!({"text": part["text"]})),
            Some("image_url") => found.push(image(&part["image_url"])?),
            _ => {}
        }
    }
    Ok(found)
}

fn image(image: &Value) -> Result<Value, Refusal> {
    let url = image["url"].as_str().unwrap_or_default();
    if let Some((media_type, data)) = url.strip_prefix("data:").and_then(|data| data.split_once(";base64,")) {
        return Ok(json!({"inlineData": {"mimeType": media_type, "data": data}}));
    }
    if url.starts_with("gs://") {
        return Ok(json!({"fileData": {"mimeType": image["format"], "fileUri": url}}));
    }
    Err(Refusal::Processing(format!(
        "invalid response: native Gemini path rejects http(s) image_url ({url}); upload to gs:// or send inline data:"
    )))
}

fn function_call(call: &Value) -> Value {
    let function = &call["function"];
    let arguments = function["arguments"].as_str().and_then(|text| serde_json::from_str(text).ok());
    let arguments: Value = arguments.unwrap_or_else(|| json!({}));
    let mut part = json!({"functionCall": {"name": function["name"], "args": arguments}});
    if let Some((_, signature)) = call["id"].as_str().and_then(|id| id.split_once(THOUGHT)) {
        part["thoughtSignature"] = signature.into();
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_stands_in_for_the_text_beside_a_result() {
        let messages = json!([
            {"role": "user", "content": "warm?"},
            {"role": "assistant", "content": null, "tool_calls": [
                {"id": "c1", "type": "function", "function": {"name": "temp", "arguments": "{\"city\":\"Ulm\"}"}}]},
            {"role": "tool", "tool_call_id": "c1", "content": "20C"},
            {"role": "user", "content": "and now?"},
        ]);
        let expected = json!([
            {"role": "user", "parts": [{"text": "warm?"}]},
            {"role": "model", "parts": [{"functionCall": {"name": "temp", "args": {"city": "Ulm"}}}]},
            {"role": "user", "parts": [
                {"functionResponse": {"name": "temp", "response": {"content": "20C"}}}, {"text": " "}, {"text": "and now?"}]},
        ]);
        assert_eq!(Value::from(of(messages.as_array().unwrap()).unwrap().turns), expected);
    }
}
