//! A chat completion request as converse. Source: facts/proxy.md 3.2 "bedrock" and facts/conformance.md B.0 surprise 3.

use crate::gateway::proxy::{
    llm::{anthropic::messages::text, openai::chat},
    refusal::Refusal,
};
use serde_json::{Map, Value, json};

/// `maxTokens` where the client said none.
const MAX_TOKENS: u64 = 4096;
/// The tool that stands in where a conversation has calls and the request has no tools. Source: agentgateway 1.4.1.
const STAND_IN: &str = "agentgateway_dummy_do_not_call";

/// What is the same for all requests of a backend.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// Identifier and version of the guardrail.
    pub guardrail: Option<&'a (String, String)>,
    /// Whether `topP` has its right name, which releases before 1.5 miss.
    pub names_top_p: bool,
}

/// The converse request.
pub fn translate(chat: &chat::Request, setting: Setting<'_>) -> Result<Vec<u8>, Refusal> {
    let mut turns: Vec<Value> = Vec::new();
    let mut system = Vec::new();
    for message in &chat.messages {
        let content = &message["content"];
        match message["role"].as_str().unwrap_or_default() {
            "system" | "developer" => system.extend(Some(lines(content)).filter(|text| !text.trim().is_empty())),
            "assistant" => push(&mut turns, "assistant", assistant(message)),
            "tool" => push(&mut turns, "user", vec![tool_result(message)]),
            _ => push(&mut turns, "user", user(content)?),
        }
    }
    let has_tools_inside = turns.iter().any(has_tools);
    let mut body = Map::new();
    let mut put = |name: &str, value: Option<Value>| body.extend(value.map(|value| (name.to_owned(), value)));
    put("modelId", chat.model.clone().map(Value::from));
    put("messages", Some(turns.into()));
    put("system", (!system.is_empty()).then(|| json!([{"text": system.join("\n")}])));
    put("inferenceConfig", Some(inference(chat, setting)));
    put("outputConfig", output(&chat.rest));
    put("toolConfig", tools(&chat.rest).or_else(|| has_tools_inside.then(stand_in)));
    put(
        "guardrailConfig",
        setting
            .guardrail
            .map(|(id, version)| json!({"guardrailIdentifier": id, "guardrailVersion": version, "trace": "enabled"})),
    );
    put("additionalModelRequestFields", thinking(&chat.rest));
    serde_json::to_vec(&body).map_err(|error| Refusal::Processing(format!("failed to marshal request: {error}")))
}

fn lines(content: &Value) -> String {
    match content.as_array() {
        Some(parts) => parts.iter().filter_map(|part| part["text"].as_str()).collect::<Vec<_>>().join("\n"),
        None => text(content),
    }
}

/// Turns must change between user and assistant: what one says in several messages is one turn.
fn push(turns: &mut Vec<Value>, role: &str, blocks: Vec<Value>) {
    if blocks.is_empty() {
        return;
    }
    match turns.last_mut().filter(|turn| turn["role"] == role).and_then(|turn| turn["content"].as_array_mut()) {
        Some(before) => before.extend(blocks),
        None => turns.push(json!({"role": role, "content": blocks})),
    }
}

fn user(content: &Value) -> Result<Vec<Value>, Refusal> {
    let Some(parts) = content.as_array() else { return Ok(text_block(&text(content)).into_iter().collect()) };
    let mut blocks = Vec::new();
    for part in parts {
        match part["type"].as_str() {
            Some("image_url") => blocks.push(image(part)?),
            _ => blocks.extend(part["text"].as_str().and_then(text_block)),
        }
    }
    Ok(blocks)
}

fn image(part: &Value) -> Result<Value, Refusal> {
    let url = part.pointer("/image_url/url").and_then(Value::as_str).unwrap_or_default();
    let data = url.strip_prefix("data:image/").and_then(|data| data.split_once(";base64,"));
    let (format, bytes) = data.ok_or_else(|| Refusal::Processing("unsupported content".to_owned()))?;
    let format = if format == "jpg" { "jpeg" } else { format };
    Ok(json!({"image": {"format": format, "source": {"bytes": bytes}}}))
}

fn text_block(text: &str) -> Option<Value> {
    (!text.trim().is_empty()).then(|| json!({"text": text}))
}

fn assistant(message: &Value) -> Vec<Value> {
    let calls = message["tool_calls"].as_array().into_iter().flatten().map(|call| {
        let arguments = call.pointer("/function/arguments").and_then(Value::as_str).unwrap_or_default();
        let input: Value = serde_json::from_str(arguments).unwrap_or_else(|_| arguments.into());
        json!({"toolUse": {"toolUseId": call["id"], "name": call["function"]["name"], "input": input}})
    });
    text_block(&text(&message["content"])).into_iter().chain(calls).collect()
}

fn tool_result(message: &Value) -> Value {
    let texts = match message["content"].as_array() {
        Some(parts) => parts.iter().map(|part| json!({"text": part["text"]})).collect(),
        None => vec![json!({"text": text(&message["content"])})],
    };
    // The real gateway writes the status although nobody said one.
    json!({"toolResult": {"toolUseId": message["tool_call_id"], "content": texts, "status": null}})
}

fn has_tools(turn: &Value) -> bool {
    let mut blocks = turn["content"].as_array().into_iter().flatten();
    blocks.any(|block| block.get("toolUse").is_some() || block.get("toolResult").is_some())
}

fn inference(chat: &chat::Request, setting: Setting<'_>) -> Value {
    let most = chat.max_completion_tokens.as_ref().or(chat.max_tokens.as_ref());
    let mut config = Map::new();
    config.insert("maxTokens".to_owned(), most.cloned().map_or(MAX_TOKENS.into(), Value::Number));
    let mut put = |name: &str, value: Option<Value>| config.extend(value.map(|value| (name.to_owned(), value)));
    put("temperature", chat.temperature.clone().map(Value::Number));
    put(if setting.names_top_p { "topP" } else { "top_p" }, chat.top_p.clone().map(Value::Number));
    put("topK", chat.rest.get("top_k").cloned());
    let stop = chat.rest.get("stop").filter(|stop| !stop.is_null());
    put("stopSequences", stop.map(|stop| if stop.is_array() { stop.clone() } else { json!([stop]) }));
    config.into()
}

fn output(rest: &Map<String, Value>) -> Option<Value> {
    let schema = rest.get("response_format")?.get("json_schema")?;
    let mut told = json!({"schema": schema.get("schema")?.to_string()});
    if let Some(name) = schema.get("name") {
        told["name"] = name.clone();
    }
    Some(json!({"textFormat": {"type": "json_schema", "structure": {"jsonSchema": told}}}))
}

/// The choice keeps its name and form from another language, and a missing description is null: up to this day the real
/// gateway writes them so.
fn tools(rest: &Map<String, Value>) -> Option<Value> {
    let given = rest.get("tools")?.as_array()?;
    let specs: Vec<Value> = given
        .iter()
        .filter_map(|tool| tool.get("function"))
        .map(|function| {
            let schema = function.get("parameters").map(|schema| json!({"json": schema}));
            let description = function.get("description");
            json!({"toolSpec": {"name": function["name"], "description": description, "inputSchema": schema}})
        })
        .collect();
    let mut config = json!({"tools": specs});
    match rest.get("tool_choice") {
        Some(Value::String(word)) if word == "auto" => config["tool_choice"] = "auto".into(),
        Some(Value::String(word)) if word == "required" => config["tool_choice"] = "any".into(),
        Some(named @ Value::Object(_)) => {
            config["tool_choice"] = json!({"tool": {"name": named.pointer("/function/name")}});
        }
        _ => {}
    }
    Some(config)
}

fn stand_in() -> Value {
    json!({"tools": [{"toolSpec": {"name": STAND_IN, "description": null, "inputSchema": {"json": {"type": "object"}}}}]})
}

fn thinking(rest: &Map<String, Value>) -> Option<Value> {
    let budget = match rest.get("reasoning_effort")?.as_str()? {
        "minimal" | "low" => 1024,
        "medium" => 2048,
        "high" | "xhigh" => 4096,
        _ => return None,
    };
    Some(json!({"thinking": {"type": "enabled", "budget_tokens": budget}}))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translated(body: &str, names_top_p: bool) -> String {
        let chat = chat::Request::parse(body.as_bytes()).unwrap();
        String::from_utf8(translate(&chat, Setting { guardrail: None, names_top_p }).unwrap()).unwrap()
    }

    #[test]
    fn the_measured_request_is_translated_to_the_byte() {
        let given = r#"{"model":"M","messages":[{"role":"system","content":"be nice"},{"role":"user","content":"hi"}],"max_tokens":50,"temperature":0.5,"x_unknown":{"a":1}}"#;
        let wanted = r#"{"modelId":"M","messages":[{"role":"user","content":[{"text":"hi"}]}],"system":[{"text":"be nice"}],"inferenceConfig":{"maxTokens":50,"temperature":0.5}}"#;
        assert_eq!(translated(given, false), wanted);
    }

    #[test]
    fn what_the_real_gateway_writes_wrong_is_wrong_here_too() {
        let given = json!({"model": "m", "top_p": 0.5, "tool_choice": "auto", "messages": [
                {"role": "assistant", "content": null, "tool_calls": [{"id": "t", "function": {"name": "n", "arguments": "{}"}}]},
                {"role": "tool", "tool_call_id": "t", "content": "x"}, {"role": "user", "content": "and?"}],
            "tools": [{"type": "function", "function": {"name": "n", "parameters": {"type": "object"}}}]});
        let body: Value = serde_json::from_str(&translated(&given.to_string(), false)).unwrap();
        assert_eq!(
            body["toolConfig"],
            json!({"tools": [{"toolSpec": {"name": "n", "description": null,
            "inputSchema": {"json": {"type": "object"}}}}], "tool_choice": "auto"})
        );
        assert_eq!(body["inferenceConfig"], json!({"maxTokens": 4096, "top_p": 0.5}));
        let result = json!({"toolResult": {"toolUseId": "t", "content": [{"text": "x"}], "status": null}});
        assert_eq!(body["messages"][1], json!({"role": "user", "content": [result, {"text": "and?"}]}));
        let later: Value = serde_json::from_str(&translated(&given.to_string(), true)).unwrap();
        assert_eq!(later["inferenceConfig"]["topP"], 0.5);
    }
}
