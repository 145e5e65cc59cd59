//! A Messages request as a chat completion request. Source: facts/proxy.md 3.4 and upstream's measured bodies.

use super::chat;
use crate::gateway::proxy::{
    llm::anthropic::messages::{self, blocks},
    refusal::Refusal,
};
use serde_json::{Map, Value, json};

/// The chat completion request. `max_tokens` is demanded, as Anthropic does.
pub fn translate(request: &messages::Request) -> Result<chat::Request, Refusal> {
    let marshal = |cause: String| Refusal::Processing(format!("failed to marshal request: {cause}"));
    let most = request.max_tokens.as_ref().ok_or_else(|| marshal("missing field `max_tokens`".to_owned()))?;
    let mut turns = Vec::new();
    turns.extend(request.system.as_ref().map(|system| json!({"role": "system", "content": texts(system)})));
    for message in &request.messages {
        match message["role"].as_str() {
            Some("assistant") => turns.extend(assistant(&message["content"])),
            Some("system") => turns.push(json!({"role": "system", "content": texts(&message["content"])})),
            _ => user(&message["content"], &mut turns),
        }
    }
    let streams = request.stream.unwrap_or(false);
    let mut chat = json!({"messages": turns, "model": request.model, "stream": streams, "max_completion_tokens": most});
    if streams {
        chat["stream_options"] = json!({"include_usage": true});
    }
    for (field, value) in [("temperature", &request.temperature), ("top_p", &request.top_p)] {
        if let Some(value) = value {
            chat[field] = value.clone().into();
        }
    }
    let rest = &request.rest;
    if let Some(stop) = rest.get("stop_sequences").filter(|stop| stop.as_array().is_some_and(|stop| !stop.is_empty())) {
        chat["stop"] = stop.clone();
    }
    if let Some(tools) = rest.get("tools").and_then(Value::as_array).filter(|tools| !tools.is_empty()) {
        chat["tools"] = tools.iter().map(tool).collect();
    }
    choose_tool(rest, &mut chat);
    if let Some(user) = rest.get("metadata").and_then(|metadata| metadata.get("user_id")) {
        chat["user"] = user.clone();
    }
    if let Some(schema) = rest.get("output_config").and_then(|output| output.pointer("/format/schema")) {
        let schema = json!({"name": "structured_output", "schema": schema});
        chat["response_format"] = json!({"type": "json_schema", "json_schema": schema});
    }
    serde_json::from_value(chat).map_err(|error| marshal(error.to_string()))
}

/// A text stays a text, blocks become parts.
fn texts(content: &Value) -> Value {
    let Some(blocks) = content.as_array() else { return content.clone() };
    let text = |block: &Value| Some(json!({"type": "text", "text": block.get("text")?}));
    blocks.iter().filter_map(text).collect()
}

/// Results of tools become messages of their own, before what else the user says.
fn user(content: &Value, turns: &mut Vec<Value>) {
    let mut parts = Vec::new();
    for block in blocks(content) {
        match block["type"].as_str() {
            Some("text") => parts.push(json!({"type": "text", "text": block["text"]})),
            Some("image") => parts.extend(image(&block["source"])),
            Some("tool_result") => {
                let content = match &block["content"] {
                    Value::Null => json!(""),
                    content => texts(content),
                };
                turns.push(json!({"role": "tool", "content": content, "tool_call_id": block["tool_use_id"]}));
            }
            _ => {}
        }
    }
    if !parts.is_empty() {
        turns.push(json!({"role": "user", "content": parts}));
    }
}

fn image(source: &Value) -> Option<Value> {
    let url = match source["type"].as_str()? {
        "base64" => format!("data:{};base64,{}", source["media_type"].as_str()?, source["data"].as_str()?),
        "url" => source["url"].as_str()?.to_owned(),
        _ => return None,
    };
    Some(json!({"type": "image_url", "image_url": {"url": url}}))
}

fn assistant(content: &Value) -> Option<Value> {
    let (mut parts, mut calls) = (Vec::new(), Vec::new());
    for block in blocks(content) {
        match block["type"].as_str() {
            Some("text") => parts.push(json!({"type": "text", "text": block["text"]})),
            Some("tool_use") => {
                let function = json!({"name": block["name"], "arguments": block["input"].to_string()});
                calls.push(json!({"id": block["id"], "type": "function", "function": function}));
            }
            _ => {}
        }
    }
    if parts.is_empty() && calls.is_empty() {
        return None;
    }
    let mut turn = Map::from_iter([("role".to_owned(), json!("assistant"))]);
    if !parts.is_empty() {
        turn.insert("content".to_owned(), parts.into());
    }
    if !calls.is_empty() {
        turn.insert("tool_calls".to_owned(), calls.into());
    }
    Some(turn.into())
}

fn tool(tool: &Value) -> Value {
    let mut function = Map::from_iter([("name".to_owned(), tool["name"].clone())]);
    function.extend(tool.get("description").map(|text| ("description".to_owned(), text.clone())));
    function.insert("parameters".to_owned(), tool["input_schema"].clone());
    json!({"type": "function", "function": function})
}

fn choose_tool(rest: &Map<String, Value>, chat: &mut Value) {
    let Some(choice) = rest.get("tool_choice") else { return };
    chat["tool_choice"] = match choice["type"].as_str() {
        Some("any") => json!("required"),
        Some("tool") => json!({"type": "function", "function": {"name": choice["name"]}}),
        Some("none") => json!("none"),
        _ => json!("auto"),
    };
    if let Some(serial) = choice["disable_parallel_tool_use"].as_bool() {
        chat["parallel_tool_calls"] = (!serial).into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translated(body: &Value) -> Value {
        let request = messages::Request::parse(body.to_string().as_bytes()).unwrap();
        serde_json::from_slice(&translate(&request).unwrap().to_body().unwrap()).unwrap()
    }

    #[test]
    fn the_system_prompt_becomes_a_message_and_streaming_is_always_said() {
        let body = json!({"model": "m", "system": "be nice", "max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]});
        let expected = json!({"messages": [
            {"role": "system", "content": "be nice"},
            {"role": "user", "content": [{"type": "text", "text": "hi"}]},
        ], "model": "m", "stream": false, "max_completion_tokens": 9});
        assert_eq!(translated(&body), expected);
    }

    #[test]
    fn tools_and_their_results_find_their_places() {
        let body = json!({"model": "m", "max_tokens": 9, "stream": true,
        "tools": [{"name": "temp", "input_schema": {"type": "object"}}],
        "tool_choice": {"type": "any", "disable_parallel_tool_use": true},
        "messages": [
            {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "temp", "input": {"city": "Ulm"}}]},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "20C"}]},
        ]});
        let chat = translated(&body);
        assert_eq!(
            chat["messages"][0]["tool_calls"][0]["function"],
            json!({"name": "temp", "arguments": "{\"city\":\"Ulm\"}"})
        );
        assert_eq!(chat["messages"][1], json!({"role": "tool", "content": "20C", "tool_call_id": "t1"}));
        assert_eq!(chat["tools"][0]["function"]["parameters"], json!({"type": "object"}));
        assert_eq!((&chat["tool_choice"], &chat["parallel_tool_calls"]), (&json!("required"), &json!(false)));
        assert_eq!(chat["stream_options"], json!({"include_usage": true}));
    }

    #[test]
    fn a_request_without_max_tokens_is_refused() {
        let request = messages::Request::parse(br#"{"model":"m","messages":[]}"#).unwrap();
        let text = "processing failed: failed to marshal request: missing field `max_tokens`";
        assert_eq!(translate(&request).unwrap_err().text(), text);
    }
}
