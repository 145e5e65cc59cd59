//! Any body at the sink for OpenTelemetry over HTTP, and at the guardrail webhook: an answer, or a refusal in its format.

use agw_sandbox::mock::fuzz::Doors;
use bytes::Bytes;
use http::Request;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

/// Mock, path, and content type.
const DOORS: [(&str, &str, &str); 8] = [
    ("otlp-http", "/v1/traces", "application/x-protobuf"),
    ("otlp-http", "/v1/logs", "application/x-protobuf"),
    ("otlp-http", "/v1/metrics", "application/x-protobuf"),
    ("otlp-http", "/v1/traces", "application/json"),
    ("otlp-http", "/v1/logs", "application/json"),
    ("otlp-http", "/v1/metrics", "application/json"),
    ("guardrail", "/request", "application/json"),
    ("guardrail", "/response", "application/json"),
];

thread_local! {
    static STAND: (Runtime, Doors) = (Builder::new_current_thread().enable_all().build().unwrap(), Doors::open());
}

/// The first byte chooses the door, and whether the rest is said to be gzip.
pub fn run(bytes: &[u8]) {
    let Some((first, body)) = bytes.split_first() else { return };
    let (mock, path, content_type) = DOORS[usize::from(*first) % DOORS.len()];
    let request = Request::post(path).header("content-type", content_type);
    let request = if *first >= 192 { request.header("content-encoding", "gzip") } else { request };
    let request = request.body(Bytes::copy_from_slice(body)).unwrap();
    let answer = STAND.with(|(runtime, doors)| {
        let answer = runtime.block_on(doors.call(mock, request)).expect("the body of an answer ends");
        assert!(!doors.forget_recorded().is_empty());
        answer
    });
    assert!([200, 400, 413].contains(&answer.status), "{path} {}", answer.status);
    if content_type == "application/json" {
        let said: Value = serde_json::from_slice(&answer.body).expect("JSON");
        let words = said.get("message").or(said.get("error")).is_some_and(Value::is_string);
        assert!(answer.status == 200 || words, "{path} {said}");
    }
}
