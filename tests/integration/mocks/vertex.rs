//! Vertex AI's mock.

use super::stand::{Stand, answer, events, hello};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

const PROJECT: &str = "/v1/projects/demo/locations/us-central1";

fn post(stand: &Stand, path: &str, body: &Value) -> RequestBuilder {
    stand.request("vertex", Method::POST, &format!("{PROJECT}{path}")).bearer_auth("ya29.demo").json(body)
}

#[tokio::test]
async fn gemini_under_its_publisher() {
    let stand = Stand::start().await;
    let request = json!({ "contents": [{ "role": "user", "parts": [{ "text": "hello" }] }] });
    let model = "/publishers/google/models/gemini-2.5-flash";
    let (status, whole) = answer(post(&stand, &format!("{model}:generateContent"), &request)).await;
    assert_eq!((status, &whole["candidates"][0]["content"]["parts"][0]["text"]), (200, &json!("You said: hello")));
    let stream = post(&stand, &format!("{model}:streamGenerateContent?alt=sse"), &request).send().await.unwrap();
    assert_eq!(events(stream).await.len(), 3);
    let (_, count) = answer(post(&stand, &format!("{model}:countTokens"), &request)).await;
    assert_eq!(count["totalTokens"], whole["usageMetadata"]["promptTokenCount"]);
    let embed = json!({ "instances": [{ "content": "hello there" }], "parameters": { "outputDimensionality": 16 } });
    let (_, body) = answer(post(&stand, "/publishers/google/models/text-embedding-005:predict", &embed)).await;
    let embeddings = &body["predictions"][0]["embeddings"];
    assert_eq!(embeddings["values"].as_array().unwrap().len(), 16);
    assert_eq!(embeddings["statistics"]["token_count"], 2);
    let (status, body) = answer(post(&stand, "/endpoints/openapi/chat/completions", &hello())).await;
    assert_eq!((status, &body["object"]), (200, &json!("chat.completion")));
}

#[tokio::test]
async fn claude_under_its_publisher() {
    let stand = Stand::start().await;
    let model = "/publishers/anthropic/models/claude-sonnet-4-5@20250929";
    let mut request = json!({
        "anthropic_version": "vertex-2023-10-16",
        "max_tokens": 50,
        "messages": [{ "role": "user", "content": "hello" }],
    });
    let (status, body) = answer(post(&stand, &format!("{model}:rawPredict"), &request)).await;
    assert_eq!((status, &body["content"][0]["text"]), (200, &json!("You said: hello")), "{body}");
    request["stream"] = true.into();
    let stream = post(&stand, &format!("{model}:streamRawPredict"), &request).send().await.unwrap();
    assert_eq!(events(stream).await.last().unwrap().name.as_deref(), Some("message_stop"));
    request["model"] = "claude-sonnet-4-5".into();
    let (status, body) = answer(post(&stand, &format!("{model}:rawPredict"), &request)).await;
    assert_eq!((status, &body["error"]["message"]), (400, &json!("model: Extra inputs are not permitted")));
    let (_, body) = answer(post(&stand, &format!("{model}:rawPredict"), &json!({ "max_tokens": 1 }))).await;
    assert_eq!(body["error"]["message"], "anthropic_version: Field required");
}

#[tokio::test]
async fn without_an_access_token_nothing_is_answered() {
    let stand = Stand::start().await;
    let path = format!("{PROJECT}/publishers/google/models/gemini-2.5-flash:generateContent");
    let ask = || stand.request("vertex", Method::POST, &path).json(&json!({}));
    for (request, reason) in [
        (ask(), "CREDENTIALS_MISSING"),
        (ask().header("x-goog-api-key", "AIza"), "CREDENTIALS_MISSING"),
        (ask().bearer_auth("invalid"), "ACCESS_TOKEN_TYPE_UNSUPPORTED"),
    ] {
        let (status, body) = answer(request).await;
        assert_eq!((status, &body["error"]["status"]), (401, &json!("UNAUTHENTICATED")));
        assert_eq!(body["error"]["details"][0]["reason"], reason);
    }
    let (status, body) = answer(ask().bearer_auth("ya29.demo").json(&json!({ "x": 1 }))).await;
    assert!(status == 400 && body["error"]["message"].as_str().unwrap().contains("Unknown name \"x\""));
    let (status, body) =
        answer(post(&stand, "/publishers/google/models/no-such-model:generateContent", &json!({}))).await;
    assert_eq!((status, &body["error"]["status"]), (404, &json!("NOT_FOUND")));
}
