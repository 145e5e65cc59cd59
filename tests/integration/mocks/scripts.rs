//! Whole answers that a lane wants, in the forms of the vendors.

use super::stand::{Stand, answer};
use agw_sandbox::exchange::{Behaviour, Lane};
use reqwest::Method;
use serde_json::{Value, json};

const SCRIPT: &str = "
replies:
  - toolCalls: [{name: warmth, arguments: {city: Rome}, id: call-7}, {name: wind, arguments: {}}]
  - {text: It is warm., reasoning: I looked., usage: {input: 90, output: 12, cached: 40, reasoning: 4}}
";

#[tokio::test]
async fn a_script_of_two_turns_is_followed_by_every_vendor() {
    let stand = Stand::start().await;
    let behaviour: Behaviour = serde_yaml::from_str(SCRIPT).unwrap();
    for mock in ["gemini", "bedrock", "ollama"] {
        stand.admin.behave(&Lane::named("play"), mock, &behaviour).await.unwrap();
    }
    let post = |mock: &str, path: &str, body: Value| {
        let request = stand.request(mock, Method::POST, path).header("x-agw-lane", "play").bearer_auth("demo");
        answer(request.header("x-goog-api-key", "AIza").json(&body))
    };
    let gemini = json!({
        "contents": [{ "parts": [{ "text": "hi" }] }],
        "generationConfig": { "thinkingConfig": { "includeThoughts": true } },
    });
    let path = "/v1beta/models/gemini-2.5-flash:generateContent";
    let (_, body) = post("gemini", path, gemini.clone()).await;
    let parts = body["candidates"][0]["content"]["parts"].as_array().unwrap();
    let calls: Vec<&Value> = parts.iter().filter(|part| part["functionCall"].is_object()).collect();
    assert_eq!(calls[0]["functionCall"], json!({ "name": "warmth", "args": { "city": "Rome" }, "id": "call-7" }));
    assert_eq!(calls[1]["functionCall"]["name"], "wind");
    let (_, body) = post("gemini", path, gemini).await;
    assert_eq!(body["candidates"][0]["content"]["parts"][0], json!({ "text": "I looked.", "thought": true }));
    let usage = &body["usageMetadata"];
    assert_eq!((&usage["promptTokenCount"], &usage["cachedContentTokenCount"]), (&json!(90), &json!(40)));
    assert_eq!((&usage["candidatesTokenCount"], &usage["thoughtsTokenCount"]), (&json!(8), &json!(4)));
    assert_eq!(usage["totalTokenCount"], 102);

    let bedrock = json!({ "messages": [{ "role": "user", "content": [{ "text": "hi" }] }] });
    let (_, body) = post("bedrock", "/model/m/converse", bedrock.clone()).await;
    assert_eq!(body["stopReason"], "tool_use");
    let call = json!({ "toolUseId": "call-7", "name": "warmth", "input": { "city": "Rome" } });
    assert_eq!(body["output"]["message"]["content"][0]["toolUse"], call);
    let (_, body) = post("bedrock", "/model/m/converse", bedrock).await;
    assert_eq!(body["output"]["message"]["content"][1]["text"], "It is warm.");
    let usage = &body["usage"];
    assert_eq!((&usage["inputTokens"], &usage["cacheReadInputTokens"]), (&json!(50), &json!(40)));

    let ollama =
        json!({ "model": "qwen3", "messages": [{ "role": "user", "content": "hi" }], "stream": false, "think": true });
    let (_, body) = post("ollama", "/api/chat", ollama.clone()).await;
    let calls = &body["message"]["tool_calls"];
    assert_eq!((&calls[0]["id"], &calls[1]["function"]["name"]), (&json!("call-7"), &json!("wind")));
    let (_, body) = post("ollama", "/api/chat", ollama).await;
    assert_eq!((&body["message"]["thinking"], &body["eval_count"]), (&json!("I looked."), &json!(12)));
}
