//! A chat completion request as Anthropic's Messages. Source: facts/proxy.md 3.2.

use crate::gateway::proxy::{llm::openai::chat, refusal::Refusal};
use serde_json::{Map, Value, json};

/// `max_tokens` where the client said none; Anthropic needs one.
const MAX_TOKENS: u64 = 4096;

/// The Messages request for a chat completion request. Fields unknown to it are dropped.
pub fn request(chat: &chat::Request) -> Result<Vec<u8>, Refusal> {
    let mut body = Map::new();
    let (mut messages, mut system) = (Vec::new(), Vec::new());
    for message in &chat.messages {
        match role(message)? {
            "system" | "developer" => system.push(text_of(message.get("content"))),
            "assistant" => messages.push(json!({"role": "assistant", "content": assistant_blocks(message)})),
            "tool" | "function" => messages.push(json!({"role": "user", "content": [tool_result(message)]})),
            _ => messages.push(json!({"role": "user", "content": blocks(message.get("content"))})),
        }
    }
    let max_tokens = chat.max_completion_tokens.as_ref().or(chat.max_tokens.as_ref());
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            body.insert(name.to_owned(), value);
        }
    };
    put("messages", Some(messages.into()));
    put("system", (!system.is_empty()).then(|| system.join("\n").into()));
    put("model", chat.model.clone().map(Value::from));
    put("max_tokens", Some(max_tokens.cloned().map_or(MAX_TOKENS.into(), Value::Number)));
    put("stop_sequences", chat.rest.get("stop").map(as_list));
    put("stream", chat.stream.filter(|streams| *streams).map(Value::from));
    put("temperature", chat.temperature.clone().map(Value::Number));
    put("top_p", chat.top_p.clone().map(Value::Number));
    put("tools", chat.rest.get("tools").and_then(Value::as_array).map(|tools| tools.iter().map(tool).collect()));
    put("tool_choice", tool_choice(&chat.rest));
    put("metadata", chat.rest.get("user").map(|user| json!({"user_id": user})));
    put("thinking", thinking(&chat.rest));
    put("output_config", output_config(&chat.rest));
    serde_json::to_vec(&body).map_err(|error| Refusal::Processing(format!("failed to marshal request: {error}")))
}

fn role(message: &Value) -> Result<&str, Refusal> {
    const ROLES: [&str; 6] = ["developer", "system", "user", "assistant", "tool", "function"];
    let role = message.get("role").and_then(Value::as_str).unwrap_or_default();
    if ROLES.contains(&role) {
        return Ok(role);
    }
    let known = ROLES.map(|role| format!("`{role}`")).join(", ");
    let text = format!("failed to marshal request: unknown variant `{role}`, expected one of {known}");
    Err(Refusal::Processing(text))
}

fn text_of(content: Option<&Value>) -> String {
    match content {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => {
            let texts: Vec<&str> = parts.iter().filter_map(|part| part.get("text")?.as_str()).collect();
            texts.join("\n")
        }
        _ => String::new(),
    }
}

fn blocks(content: Option<&Value>) -> Vec<Value> {
    match content {
        Some(Value::String(text)) => vec![json!({"type": "text", "text": text})],
        Some(Value::Array(parts)) => parts.iter().filter_map(block).collect(),
        _ => Vec::new(),
    }
}

fn block(part: &Value) -> Option<Value> {
    if let Some(text) = part.get("text").and_then(Value::as_str) {
        return Some(json!({"type": "text", "text": text}));
    }
    let url = part.pointer("/image_url/url")?.as_str()?;
    let source = match url.strip_prefix("data:").and_then(|data| data.split_once(";base64,")) {
        Some((media_type, data)) => json!({"type": "base64", "media_type": media_type, "data": data}),
        None => json!({"type": "url", "url": url}),
    };
    Some(json!({"type": "image", "source": source}))
}

fn assistant_blocks(message: &Value) -> Vec<Value> {
    let calls = message.get("tool_calls").and_then(Value::as_array).into_iter().flatten();
    let uses = calls.map(|call| {
        let arguments = call.pointer("/function/arguments").and_then(Value::as_str).unwrap_or("{}");
        let input: Value = serde_json::from_str(arguments).unwrap_or_else(|_| json!({}));
        let name = call.pointer("/function/name");
        json!({"type": "tool_use", "id": call.get("id"), "name": name, "input": input})
    });
    blocks(message.get("content")).into_iter().chain(uses).collect()
}

fn tool_result(message: &Value) -> Value {
    json!({
        "type": "tool_result",
        "tool_use_id": message.get("tool_call_id"),
        "content": text_of(message.get("content")),
    })
}

fn as_list(stop: &Value) -> Value {
    if stop.is_array() { stop.clone() } else { json!([stop]) }
}

fn tool(tool: &Value) -> Value {
    let mut translated = Map::new();
    for (name, field) in [("name", "name"), ("description", "description"), ("input_schema", "parameters")] {
        if let Some(value) = tool.get("function").and_then(|function| function.get(field)) {
            translated.insert(name.to_owned(), value.clone());
        }
    }
    translated.entry("input_schema").or_insert_with(|| json!({"type": "object"}));
    translated.into()
}

fn tool_choice(rest: &Map<String, Value>) -> Option<Value> {
    let serial = rest.get("parallel_tool_calls") == Some(&Value::Bool(false));
    let mut choice = match rest.get("tool_choice") {
        Some(Value::String(word)) if word == "required" => json!({"type": "any"}),
        Some(Value::String(word)) => json!({"type": word}),
        Some(named) => json!({"type": "tool", "name": named.pointer("/function/name")?}),
        None if serial && rest.contains_key("tools") => json!({"type": "auto"}),
        None => return None,
    };
    if serial {
        choice["disable_parallel_tool_use"] = true.into();
    }
    Some(choice)
}

fn thinking(rest: &Map<String, Value>) -> Option<Value> {
    let budget = match rest.get("reasoning_effort")?.as_str()? {
        "minimal" | "low" => 1024,
        "medium" => 2048,
        "high" | "xhigh" => 4096,
        _ => return None,
    };
    Some(json!({"type": "enabled", "budget_tokens": budget}))
}

fn output_config(rest: &Map<String, Value>) -> Option<Value> {
    let schema = rest.get("response_format")?.pointer("/json_schema/schema")?;
    Some(json!({"format": {"type": "json_schema", "schema": schema}}))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translated(body: Value) -> Value {
        let chat = chat::Request::parse(body.to_string().as_bytes()).unwrap();
        serde_json::from_slice(&request(&chat).unwrap()).unwrap()
    }

    #[test]
    fn the_measured_request_is_translated_to_the_byte() {
        let given = r#"{"model":"M","messages":[{"role":"system","content":"be nice"},{"role":"user","content":"hi"}],"max_tokens":50,"temperature":0.5,"x_unknown":{"a":1}}"#;
        let wanted = r#"{"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}],"system":"be nice","model":"M","max_tokens":50,"temperature":0.5}"#;
        let chat = chat::Request::parse(given.as_bytes()).unwrap();
        assert_eq!(String::from_utf8(request(&chat).unwrap()).unwrap(), wanted);
    }

    #[test]
    fn tools_go_both_ways() {
        let body = translated(json!({
            "model": "m",
            "messages": [
                {"role": "assistant", "content": null, "tool_calls": [
                    {"id": "c1", "type": "function", "function": {"name": "temp", "arguments": "{\"city\":\"Ulm\"}"}}]},
                {"role": "tool", "tool_call_id": "c1", "content": "20C"},
            ],
            "tools": [{"type": "function", "function": {"name": "temp", "parameters": {"type": "object"}}}],
            "tool_choice": "auto", "parallel_tool_calls": false, "stop": "END", "user": "u", "reasoning_effort": "low",
        }));
        assert_eq!(
            body["messages"][0]["content"][0],
            json!({"type": "tool_use", "id": "c1", "name": "temp", "input": {"city": "Ulm"}})
        );
        assert_eq!(
            body["messages"][1],
            json!({"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c1", "content": "20C"}]})
        );
        assert_eq!(body["tools"], json!([{"name": "temp", "input_schema": {"type": "object"}}]));
        assert_eq!(body["tool_choice"], json!({"type": "auto", "disable_parallel_tool_use": true}));
        assert_eq!((&body["stop_sequences"], &body["metadata"]), (&json!(["END"]), &json!({"user_id": "u"})));
        assert_eq!(body["thinking"], json!({"type": "enabled", "budget_tokens": 1024}));
        assert_eq!(body["max_tokens"], 4096);
    }

    #[test]
    fn a_role_that_nobody_knows_is_refused() {
        let chat = chat::Request::parse(br#"{"model":"m","messages":[{"role":"bogus","content":"x"}]}"#).unwrap();
        assert_eq!(
            request(&chat).unwrap_err().text(),
            "processing failed: failed to marshal request: unknown variant `bogus`, expected one of `developer`, `system`, `user`, `assistant`, `tool`, `function`"
        );
    }
}
