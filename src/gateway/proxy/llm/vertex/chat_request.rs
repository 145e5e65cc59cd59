//! A chat completion request as generateContent. Source: facts/proxy.md 3.2 "vertex gemini".

use super::{contents, schema};
use crate::gateway::proxy::{llm::openai::chat, refusal::Refusal};
use serde_json::{Map, Value, json};

/// The generateContent request.
pub fn translate(chat: &chat::Request) -> Result<Vec<u8>, Refusal> {
    let contents = contents::of(&chat.messages)?;
    let mut body = Map::from_iter([("contents".to_owned(), Value::from(contents.turns))]);
    let mut put = |name: &str, value: Option<Value>| body.extend(value.map(|value| (name.to_owned(), value)));
    let system = contents.system.join("\n");
    put("systemInstruction", (!system.is_empty()).then(|| json!({"parts": [{"text": system}]})));
    put("tools", tools(&chat.rest));
    put("toolConfig", tool_config(&chat.rest));
    put("generationConfig", generation_config(chat));
    for name in ["safetySettings", "labels"] {
        put(name, chat.rest.get(name).cloned());
    }
    serde_json::to_vec(&body).map_err(|error| Refusal::Processing(format!("failed to marshal request: {error}")))
}

fn tools(rest: &Map<String, Value>) -> Option<Value> {
    let tools = rest.get("tools")?.as_array()?;
    let declarations: Vec<Value> = tools.iter().filter_map(|tool| Some(declaration(tool.get("function")?))).collect();
    (!declarations.is_empty()).then(|| json!([{"functionDeclarations": declarations}]))
}

fn declaration(function: &Value) -> Value {
    let mut declared = Map::from_iter([("name".to_owned(), function["name"].clone())]);
    declared.extend(function.get("description").map(|text| ("description".to_owned(), text.clone())));
    declared.extend(function.get("parameters").map(|schema| ("parameters".to_owned(), schema::of_google(schema))));
    declared.into()
}

fn tool_config(rest: &Map<String, Value>) -> Option<Value> {
    let calling = match rest.get("tool_choice")? {
        Value::String(word) if word == "none" => json!({"mode": "NONE"}),
        Value::String(word) if word == "required" => json!({"mode": "ANY"}),
        Value::String(_) => json!({"mode": "AUTO"}),
        named => {
            let name = named.pointer("/function/name");
            json!({"mode": "ANY", "allowedFunctionNames": name.into_iter().collect::<Vec<_>>()})
        }
    };
    Some(json!({"functionCallingConfig": calling}))
}

fn generation_config(chat: &chat::Request) -> Option<Value> {
    let rest = &chat.rest;
    let mut config = Map::new();
    let mut put = |name: &str, value: Option<Value>| config.extend(value.map(|value| (name.to_owned(), value)));
    put("temperature", chat.temperature.clone().map(Value::Number));
    put("topP", chat.top_p.clone().map(Value::Number));
    for (name, field) in [("topK", "top_k"), ("frequencyPenalty", "frequency_penalty")] {
        put(name, rest.get(field).cloned());
    }
    put("presencePenalty", rest.get("presence_penalty").cloned());
    let most = chat.max_completion_tokens.as_ref().or(chat.max_tokens.as_ref());
    put("maxOutputTokens", most.cloned().map(Value::Number));
    let stop = rest.get("stop").filter(|stop| !stop.is_null());
    put("stopSequences", stop.map(|stop| if stop.is_array() { stop.clone() } else { json!([stop]) }));
    put("candidateCount", rest.get("n").cloned());
    put("seed", rest.get("seed").cloned());
    let format = rest.get("response_format");
    let is_json = format.is_some_and(|format| format["type"] != "text");
    put("responseMimeType", is_json.then(|| "application/json".into()));
    put("responseSchema", format.and_then(|format| format.pointer("/json_schema/schema")).map(schema::of_google));
    put("thinkingConfig", thinking(chat));
    (!config.is_empty()).then(|| config.into())
}

/// Models of the third generation have levels, those before have budgets.
fn thinking(chat: &chat::Request) -> Option<Value> {
    let effort = chat.rest.get("reasoning_effort")?.as_str()?;
    let has_levels = chat.model.as_deref().is_some_and(|model| model.contains("gemini-3"));
    let budget = match effort {
        "none" => return None,
        "minimal" | "low" | "medium" | "high" if has_levels => {
            return Some(json!({"thinkingLevel": effort, "includeThoughts": true}));
        }
        _ if has_levels => return Some(json!({"thinkingLevel": "medium", "includeThoughts": true})),
        "minimal" | "low" => 1024,
        "high" => 4096,
        _ => 2048,
    };
    Some(json!({"thinkingBudget": budget, "includeThoughts": true}))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translated(body: &Value) -> Value {
        let chat = chat::Request::parse(body.to_string().as_bytes()).unwrap();
        serde_json::from_slice(&translate(&chat).unwrap()).unwrap()
    }

    #[test]
    fn the_measured_request_is_translated_to_the_byte() {
        let given =
            r#"{"model":"M","messages":[{"role":"system","content":"be nice"},{"role":"user","content":"hi"}]}"#;
        let wanted = r#"{"contents":[{"role":"user","parts":[{"text":"hi"}]}],"systemInstruction":{"parts":[{"text":"be nice"}]}}"#;
        let chat = chat::Request::parse(given.as_bytes()).unwrap();
        assert_eq!(String::from_utf8(translate(&chat).unwrap()).unwrap(), wanted);
    }

    #[test]
    fn settings_get_their_names() {
        let body =
            translated(&json!({"model": "gemini-2.5", "messages": [], "max_tokens": 50, "top_p": 0.5, "stop": "END",
            "n": 1, "seed": 7, "reasoning_effort": "low", "tool_choice": "auto",
            "tools": [{"type": "function", "function": {"name": "t", "parameters": {"type": "object"}}}],
            "response_format": {"type": "json_schema", "json_schema": {"schema": {"type": "object"}}}}));
        let config = json!({"topP": 0.5, "maxOutputTokens": 50, "stopSequences": ["END"], "candidateCount": 1, "seed": 7,
            "responseMimeType": "application/json", "responseSchema": {"type": "object"},
            "thinkingConfig": {"thinkingBudget": 1024, "includeThoughts": true}});
        assert_eq!(body["generationConfig"], config);
        assert_eq!(body["toolConfig"], json!({"functionCallingConfig": {"mode": "AUTO"}}));
        assert_eq!(body["tools"][0]["functionDeclarations"][0]["name"], "t");
    }
}
