//! Gemini's mock.

use super::judge::{OpenAi, holds};
use super::stand::{Stand, answer, events, hello, streamed};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

const COMPATIBLE: &str = "/v1beta/openai/chat/completions";
const MODEL: &str = "/v1beta/models/gemini-2.5-flash";

fn said(text: &str) -> Value {
    json!({ "contents": [{ "role": "user", "parts": [{ "text": text }] }] })
}

fn post(stand: &Stand, path: &str, body: &Value) -> RequestBuilder {
    stand.request("gemini", Method::POST, path).header("x-goog-api-key", "AIza-demo").json(body)
}

#[tokio::test]
async fn the_compatible_paths_answer_as_openai_and_refuse_as_google() {
    let stand = Stand::start().await;
    let post = |body| stand.request("gemini", Method::POST, COMPATIBLE).bearer_auth("AIza-demo").json(&body);
    let (status, body) = answer(post(hello())).await;
    assert_eq!((status, &body["choices"][0]["message"]["content"]), (200, &json!("You said: hello")));
    OpenAi::find().into_iter().for_each(|judge| holds(&judge.of("CreateChatCompletionResponse"), &body));
    let stream = events(post(streamed(hello())).send().await.unwrap()).await;
    assert_eq!(stream.last().unwrap().data, "[DONE]");

    let keyless = stand.request("gemini", Method::POST, COMPATIBLE).json(&hello());
    let (status, body) = answer(keyless).await;
    assert_eq!((status, &body[0]["error"]["status"]), (400, &json!("INVALID_ARGUMENT")));
    let (status, body) = answer(post(json!({ "model": "gemini-2.5-flash" }))).await;
    assert_eq!((status, &body[0]["error"]["code"]), (400, &json!(400)));
    let models = stand.request("gemini", Method::GET, "/v1beta/openai/models").bearer_auth("AIza-demo");
    assert_eq!(answer(models).await.1["data"][0]["object"], "model");
}

#[tokio::test]
async fn whole_chunks_and_list_say_the_same() {
    let stand = Stand::start().await;
    let (status, whole) = answer(post(&stand, &format!("{MODEL}:generateContent"), &said("hello"))).await;
    assert_eq!(status, 200, "{whole}");
    let candidate = &whole["candidates"][0];
    assert_eq!(candidate["content"], json!({ "parts": [{ "text": "You said: hello" }], "role": "model" }));
    assert_eq!(candidate["finishReason"], "STOP");

    let path = format!("{MODEL}:streamGenerateContent");
    let response = post(&stand, &format!("{path}?alt=sse"), &said("hello")).send().await.unwrap();
    let text = response.text().await.unwrap();
    assert!(text.ends_with("}\r\n\r\n") && !text.contains("[DONE]"), "{text}");
    let chunks: Vec<Value> = text
        .split("\r\n\r\n")
        .filter(|event| !event.is_empty())
        .map(|event| serde_json::from_str(event.strip_prefix("data: ").unwrap()).unwrap())
        .collect();
    let response = post(&stand, &path, &said("hello")).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/json; charset=UTF-8");
    let list: Vec<Value> = response.json().await.unwrap();
    for chunks in [chunks, list] {
        assert_eq!(chunks.len(), 3);
        let said: String = chunks
            .iter()
            .map(|chunk| chunk["candidates"][0]["content"]["parts"][0]["text"].as_str().unwrap())
            .collect();
        assert_eq!(said, "You said: hello");
        assert_eq!(chunks[0]["candidates"][0]["finishReason"], Value::Null);
        assert_eq!(chunks[2]["candidates"][0]["finishReason"], "STOP");
        assert_eq!(chunks[2]["usageMetadata"], whole["usageMetadata"]);
    }
    let (_, count) = answer(post(&stand, &format!("{MODEL}:countTokens"), &said("hello"))).await;
    assert_eq!(count["totalTokens"], whole["usageMetadata"]["promptTokenCount"]);
}

#[tokio::test]
async fn functions_schemas_and_every_reason() {
    let stand = Stand::start().await;
    let generate = |body: &Value| answer(post(&stand, &format!("{MODEL}:generateContent"), body));
    let mut request = said("how warm is it?");
    request["tools"] = json!([{ "functionDeclarations": [{
        "name": "warmth",
        "parameters": { "type": "OBJECT", "properties": { "city": { "type": "STRING" } }, "required": ["city"] },
    }] }]);
    request["toolConfig"] = json!({ "functionCallingConfig": { "mode": "ANY" } });
    let (_, body) = generate(&request).await;
    let call = &body["candidates"][0]["content"]["parts"][0]["functionCall"];
    assert!(call["name"] == "warmth" && call["args"]["city"].is_string(), "{body}");
    request["toolConfig"] = json!({ "function_calling_config": { "mode": "NONE" } });
    assert!(generate(&request).await.1["candidates"][0]["content"]["parts"][0]["text"].is_string());

    let mut request = said("list");
    request["generationConfig"] = json!({
        "responseMimeType": "application/json",
        "responseSchema": { "type": "ARRAY", "items": { "type": "INTEGER" }, "minItems": "2" },
    });
    let (_, body) = generate(&request).await;
    let text = body["candidates"][0]["content"]["parts"][0]["text"].as_str().unwrap();
    assert!(serde_json::from_str::<Vec<i64>>(text).unwrap().len() >= 2);

    for reason in ["SAFETY", "RECITATION", "SPII", "MALFORMED_FUNCTION_CALL"] {
        let (status, body) = generate(&said(&format!("[[finish: {reason}]]"))).await;
        assert_eq!((status, body["candidates"][0]["finishReason"].as_str()), (200, Some(reason)));
        assert_eq!(body["candidates"][0]["content"], Value::Null);
    }
    let (_, body) = generate(&said("[[block: SAFETY]]")).await;
    assert_eq!((&body["promptFeedback"]["blockReason"], &body["candidates"]), (&json!("SAFETY"), &Value::Null));
    let mut request = said("hello");
    request["generationConfig"] = json!({ "maxOutputTokens": 2 });
    assert_eq!(generate(&request).await.1["candidates"][0]["finishReason"], "MAX_TOKENS");
}

#[tokio::test]
async fn embeddings_and_models() {
    let stand = Stand::start().await;
    let content = json!({ "parts": [{ "text": "hello" }] });
    let path = "/v1beta/models/gemini-embedding-001";
    let one = json!({ "content": content, "outputDimensionality": 8 });
    let (status, body) = answer(post(&stand, &format!("{path}:embedContent"), &one)).await;
    assert_eq!((status, body["embedding"]["values"].as_array().unwrap().len()), (200, 8));
    let batch = json!({ "requests": [{ "model": "models/gemini-embedding-001", "content": content }] });
    let (_, body) = answer(post(&stand, &format!("{path}:batchEmbedContents"), &batch)).await;
    assert_eq!(body["embeddings"][0]["values"].as_array().unwrap().len(), 3_072);
    let get = |path: &str| stand.request("gemini", Method::GET, path);
    let (_, first) = answer(get("/v1/models?pageSize=3&key=AIza-demo")).await;
    assert_eq!(first["models"].as_array().unwrap().len(), 3);
    let next = format!("/v1/models?pageSize=3&key=AIza-demo&pageToken={}", first["nextPageToken"].as_str().unwrap());
    assert_eq!(answer(get(&next)).await.1["nextPageToken"], Value::Null);
    let (_, one) = answer(get("/v1beta/models/gemini-2.5-flash?key=AIza-demo")).await;
    assert_eq!(one["name"], "models/gemini-2.5-flash");
}

#[tokio::test]
async fn what_google_refuses_is_refused_in_its_words() {
    let stand = Stand::start().await;
    let path = format!("{MODEL}:generateContent");
    let content = |role: &str| json!([{ "role": role, "parts": [{ "text": "x" }] }]);
    let cases = [
        (json!({}), "* GenerateContentRequest.contents: contents is not specified\n"),
        (json!({ "contents": content("robot") }), "Please use a valid role: user, model."),
        (
            json!({ "contents": content("user"), "surprise": 1 }),
            "Invalid JSON payload received. Unknown name \"surprise\": Cannot find field.",
        ),
        (
            json!({ "contents": content("user"), "generationConfig": { "topZ": 1 } }),
            "Invalid JSON payload received. Unknown name \"topZ\" at 'generation_config': Cannot find field.",
        ),
        (
            json!({ "contents": content("user"), "generation_config": { "temperature": "hot" } }),
            "Invalid value at 'generation_config.temperature' (TYPE_FLOAT), \"hot\"",
        ),
        (
            json!({ "contents": "hi" }),
            "Invalid value at 'contents[0]' (type.googleapis.com/google.ai.generativelanguage.v1beta.Content), \"hi\"",
        ),
        (
            json!({ "contents": [{ "parts": [{ "functionResponse": { "name": "a", "response": {} } }] }] }),
            "Please ensure that function response turn comes immediately after a function call turn.",
        ),
    ];
    for (request, message) in cases {
        let (status, body) = answer(post(&stand, &path, &request)).await;
        assert_eq!((status, body["error"]["message"].as_str()), (400, Some(message)), "{request}");
        assert_eq!(body["error"]["status"], "INVALID_ARGUMENT");
    }
    let (status, body) = answer(stand.request("gemini", Method::POST, &path).json(&said("hi"))).await;
    assert_eq!((status, &body["error"]["status"]), (403, &json!("PERMISSION_DENIED")));
    let bad = stand.request("gemini", Method::POST, &format!("{path}?key=invalid")).json(&said("hi"));
    let (status, body) = answer(bad).await;
    assert_eq!((status, &body["error"]["details"][0]["reason"]), (400, &json!("API_KEY_INVALID")));
    let (status, body) = answer(post(&stand, "/v1beta/models/no-such-model:generateContent", &said("hi"))).await;
    assert_eq!((status, &body["error"]["status"]), (404, &json!("NOT_FOUND")));
    // What would have been a list is refused in a list.
    let (_, body) = answer(post(&stand, &format!("{MODEL}:streamGenerateContent"), &json!({}))).await;
    assert_eq!(body[0]["error"]["code"], 400);
    let (status, body) = answer(stand.request("gemini", Method::GET, "/v1/chat/completions")).await;
    assert_eq!((status, &body["error"]["status"]), (404, &json!("NOT_FOUND")));
}
