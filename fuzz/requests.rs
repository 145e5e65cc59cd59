//! Any body at every door of the LLM mocks: an answer, or a refusal in the vendor's format.

use agw_sandbox::mock::fuzz::Doors;
use bytes::Bytes;
use http::Request;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

/// Mock, path, and where the words of a refusal stand.
const PATHS: [(&str, &str, &str); 20] = [
    ("openai", "/v1/chat/completions", "/error/message"),
    ("openai", "/v1/responses", "/error/message"),
    ("openai", "/v1/embeddings", "/error/message"),
    ("openai", "/v1/completions", "/error/message"),
    ("anthropic", "/v1/messages", "/error/message"),
    ("anthropic", "/v1/messages/count_tokens", "/error/message"),
    ("gemini", "/v1beta/models/gemini-2.5-flash:generateContent", "/error/message"),
    ("gemini", "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse", "/error/message"),
    ("gemini", "/v1beta/models/gemini-2.5-flash:countTokens", "/error/message"),
    ("gemini", "/v1beta/models/gemini-embedding-001:batchEmbedContents", "/error/message"),
    ("vertex", "/v1/projects/p/locations/l/publishers/google/models/m:predict", "/error/message"),
    ("vertex", "/v1/projects/p/locations/l/publishers/anthropic/models/m:rawPredict", "/error/message"),
    ("azure", "/openai/deployments/d/chat/completions?api-version=2024-10-21", "/error/message"),
    ("bedrock", "/model/amazon.nova-lite-v1:0/converse", "/message"),
    ("bedrock", "/model/amazon.nova-lite-v1:0/converse-stream", "/message"),
    ("bedrock", "/model/anthropic.m/invoke", "/message"),
    ("bedrock", "/model/m/count-tokens", "/message"),
    ("ollama", "/api/chat", "/error"),
    ("ollama", "/api/generate", "/error"),
    ("ollama", "/api/embed", "/error"),
];

thread_local! {
    static STAND: (Runtime, Doors) = (Builder::new_current_thread().enable_all().build().unwrap(), Doors::open());
}

/// The first byte chooses the door, the rest is the body.
pub fn run(bytes: &[u8]) {
    let Some((first, body)) = bytes.split_first() else { return };
    let (mock, path, words) = PATHS[usize::from(*first) % PATHS.len()];
    let request = Request::post(path)
        .header("content-type", "application/json")
        .header("authorization", "Bearer sk-fuzz")
        .header("x-goog-api-key", "sk-fuzz")
        .header("api-key", "sk-fuzz")
        .header("anthropic-version", "2023-06-01")
        .body(Bytes::copy_from_slice(body))
        .unwrap();
    let asked = STAND.with(|(runtime, doors)| runtime.block_on(doors.ask(mock, request)));
    let (status, answer) = asked.expect("the body of an answer ends");
    if status == 200 {
        return;
    }
    let refusal: Value = serde_json::from_slice(&answer).unwrap_or_else(|_| panic!("{mock} {path} {status}: no JSON"));
    let refusal = refusal.as_array().and_then(|all| all.first()).unwrap_or(&refusal);
    // The real Ollama says 500 to some requests that are wrong, and so does its mock.
    assert!((400..500).contains(&status) || (mock, status) == ("ollama", 500), "{mock} {path} {status} {refusal}");
    assert!(refusal.pointer(words).is_some_and(Value::is_string), "{mock} {path} {status} {refusal}");
}
