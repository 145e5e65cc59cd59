//! What stands before the protocol: JSON that is no message is refused as JSON-RPC says, batches are taken apart.

use super::hub::Hub;
use super::refusal::{INVALID_REQUEST, PARSE_ERROR, TRANSPORT_ERROR, refusal};
use crate::mock::LONGEST_BODY;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use futures_util::stream::select_all;
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode, header};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use std::sync::Arc;

/// The only revision that has batches.
const WITH_BATCHES: &str = "2025-03-26";
/// How many messages a batch may have.
const LONGEST_BATCH: usize = 64;
const VERSION_HEADER: &str = "mcp-protocol-version";
const SESSION_HEADER: &str = "mcp-session-id";

/// What every message has on its outside.
#[derive(Deserialize)]
struct Envelope {
    jsonrpc: Option<Value>,
    id: Option<Value>,
    method: Option<Value>,
    result: Option<IgnoredAny>,
    error: Option<IgnoredAny>,
}

/// Lets messages pass one by one.
pub(super) async fn door(State(hub): State<Arc<Hub>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    if parts.method == Method::DELETE && is_of_nobody(&parts, &hub) {
        return refusal(StatusCode::NOT_FOUND, TRANSPORT_ERROR, "Session not found", None);
    }
    if parts.method != Method::POST || !is_json(&parts) {
        return next.run(Request::from_parts(parts, body)).await;
    }
    let Ok(bytes) = to_bytes(body, LONGEST_BODY).await else {
        return refusal(StatusCode::PAYLOAD_TOO_LARGE, INVALID_REQUEST, "The message is too large.", None);
    };
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        return batch(parts, &bytes, next).await;
    }
    if let Err((code, message, id)) = check(&bytes) {
        return refusal(StatusCode::BAD_REQUEST, code, &message, id.as_ref());
    }
    next.run(Request::from_parts(parts, Body::from(bytes))).await
}

type Fault = (i32, String, Option<Value>);

/// Whether bytes are one message.
pub(super) fn check(bytes: &[u8]) -> Result<(), Fault> {
    let envelope: Envelope = serde_json::from_slice(bytes).map_err(|error| {
        let is_json = error.is_data();
        let code = if is_json { INVALID_REQUEST } else { PARSE_ERROR };
        let what = if is_json { "Invalid Request: a message is an object" } else { "Parse error: the body is no JSON" };
        (code, what.to_owned(), None)
    })?;
    let id = envelope.id.filter(|id| id.is_string() || id.is_number());
    let fault = |message: &str| Err((INVALID_REQUEST, format!("Invalid Request: {message}"), id.clone()));
    if envelope.jsonrpc != Some("2.0".into()) {
        return fault("`jsonrpc` is \"2.0\"");
    }
    match &envelope.method {
        Some(Value::String(_)) => {}
        Some(_) => return fault("`method` is a string"),
        None if envelope.result.is_some() || envelope.error.is_some() => {}
        None => return fault("a message has a `method`, a `result` or an `error`"),
    }
    Ok(())
}

fn is_json(parts: &Parts) -> bool {
    let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.and_then(|value| value.split(';').next()).is_some_and(|kind| kind.trim() == "application/json")
}

/// Whether a request names a session that there is not.
fn is_of_nobody(parts: &Parts, hub: &Hub) -> bool {
    let named = parts.headers.get(SESSION_HEADER).map(|id| id.to_str().unwrap_or_default());
    named.is_some_and(|id| !hub.sessions.has(id))
}

/// The answers to all messages of a batch, as events of one stream.
async fn batch(parts: Parts, bytes: &Bytes, next: Next) -> Response {
    let refuse = |code, message: &str| refusal(StatusCode::BAD_REQUEST, code, message, None);
    let version = parts.headers.get(VERSION_HEADER).map(HeaderValue::as_bytes);
    let Ok(messages) = serde_json::from_slice::<Vec<Value>>(bytes) else {
        return refuse(PARSE_ERROR, "Parse error: the body is no JSON");
    };
    if version.is_some_and(|version| version != WITH_BATCHES.as_bytes()) {
        return refuse(INVALID_REQUEST, "Invalid Request: only revision 2025-03-26 has batches");
    }
    if messages.is_empty() || messages.len() > LONGEST_BATCH {
        return refuse(INVALID_REQUEST, &format!("Invalid Request: a batch has 1 to {LONGEST_BATCH} messages"));
    }
    if messages.iter().any(|message| message["method"] == "initialize") {
        return refuse(INVALID_REQUEST, "Invalid Request: `initialize` is never in a batch");
    }
    let mut streams = Vec::new();
    for message in messages {
        let body = Bytes::from(message.to_string());
        if let Err((code, message, id)) = check(&body) {
            return refusal(StatusCode::BAD_REQUEST, code, &message, id.as_ref());
        }
        let answer = next.clone().run(Request::from_parts(parts.clone(), Body::from(body))).await;
        match answer.status() {
            StatusCode::ACCEPTED => {}
            StatusCode::OK => streams.push(answer.into_body().into_data_stream().boxed()),
            _ => return answer,
        }
    }
    if streams.is_empty() {
        return StatusCode::ACCEPTED.into_response();
    }
    let headers = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-cache")];
    (headers, Body::from_stream(select_all(streams))).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_has_its_code() {
        let code = |text: &str| check(text.as_bytes()).err().map(|(code, ..)| code);
        assert_eq!(code(r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#), None);
        assert_eq!(code(r#"{"jsonrpc":"2.0","id":"a","result":{}}"#), None);
        assert_eq!(code("{"), Some(PARSE_ERROR));
        assert_eq!(code(&"[".repeat(10_000)), Some(PARSE_ERROR));
        for wrong in ["3", "null", "{}", r#"{"jsonrpc":"1.0","method":"ping"}"#, r#"{"jsonrpc":"2.0","method":1}"#] {
            assert_eq!(code(wrong), Some(INVALID_REQUEST), "{wrong}");
        }
    }
}
