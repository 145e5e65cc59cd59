//! Bodies and paths that mean nothing: every vendor refuses them in its own words and goes on.

use super::stand::Stand;
use proptest::prelude::*;
use reqwest::Method;
use serde_json::{Value, json};

/// Mock, path, and where the words of a refusal stand.
const DOORS: [(&str, &str, &str); 9] = [
    ("gemini", "/v1beta/models/gemini-2.5-flash:generateContent?key=AIza", "/error/message"),
    ("gemini", "/v1beta/models/gemini-embedding-001:batchEmbedContents?key=AIza", "/error/message"),
    ("vertex", "/v1/projects/p/locations/l/publishers/google/models/m:generateContent", "/error/message"),
    ("vertex", "/v1/projects/p/locations/l/publishers/anthropic/models/m:rawPredict", "/error/message"),
    ("bedrock", "/model/m/converse", "/message"),
    ("bedrock", "/model/anthropic.m/invoke", "/message"),
    ("ollama", "/api/chat", "/error"),
    ("ollama", "/api/embed", "/error"),
    ("ollama", "/v1/chat/completions", "/error/message"),
];

/// Bytes, or JSON with the words that the vendors know in places where they do not belong.
fn bodies() -> impl Strategy<Value = Vec<u8>> {
    let words = [
        "model",
        "messages",
        "contents",
        "parts",
        "content",
        "role",
        "text",
        "tools",
        "input",
        "requests",
        "generationConfig",
    ];
    let words = prop::sample::select(words.to_vec());
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        ".{0,12}".prop_map(Value::from),
        words.clone().prop_map(Value::from),
    ];
    let value = leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((words.clone(), inner), 0..4)
                .prop_map(|fields| fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    });
    prop_oneof![prop::collection::vec(any::<u8>(), 0..80), value.prop_map(|value| value.to_string().into_bytes())]
}

#[test]
fn nonsense_is_refused_in_the_vendors_words() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let stand = runtime.block_on(Stand::start());
    let config = ProptestConfig { cases: 150, failure_persistence: None, ..Default::default() };
    proptest!(config, |((mock, path, words) in prop::sample::select(DOORS.to_vec()), body in bodies())| {
        let request = stand.request(mock, Method::POST, path).bearer_auth("demo").header("content-type", "application/json");
        let (status, text) = runtime.block_on(async {
            let response = request.body(body.clone()).send().await.unwrap();
            (response.status().as_u16(), response.text().await.unwrap())
        });
        if status != 200 {
            let refusal: Value = serde_json::from_str(&text).unwrap();
            prop_assert!(refusal.pointer(words).is_some_and(Value::is_string), "{mock} {status} {text}");
        }
    });
}

#[tokio::test]
async fn a_path_that_is_no_text_is_refused_too() {
    let stand = Stand::start().await;
    for (mock, path, words) in [
        ("gemini", "/v1beta/models/%ff:generateContent?key=AIza", "/error/message"),
        ("vertex", "/v1/publishers/google/models/%ff", "/error/message"),
        ("bedrock", "/model/%ff/converse", "/message"),
        ("ollama", "/v1/models/%ff", "/error"),
    ] {
        let response = stand.request(mock, Method::POST, path).bearer_auth("demo").send().await.unwrap();
        assert_eq!(response.status(), 400);
        let refusal: Value = response.json().await.unwrap();
        assert!(refusal.pointer(words).unwrap().as_str().unwrap().contains("UTF-8"));
    }
}
