//! What stands before the protocol: JSON that is no message is refused as JSON-RPC says, batches are taken apart.

use super::hub::Hub;
use super::refusal::{INVALID_REQUEST, PARSE_ERROR, TRANSPORT_ERROR, refusal};
use crate::mock::LONGEST_BODY;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use futures_util::stream::select_all;
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode, header};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

/// Where the protocol is.
pub(super) const ADDRESS: &str = "/mcp";
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

/// What has come to the door.
pub(super) enum Entering {
    /// A request that may pass.
    One(Request),
    /// Several messages in one.
    Batch(Batch),
    /// Nothing that may pass.
    Refused(Box<Response>),
}

/// Messages that came together.
pub(super) struct Batch {
    parts: Parts,
    messages: Vec<Bytes>,
}

/// Looks at a request for the address of the protocol; others pass.
pub(super) async fn enter(hub: &Hub, request: Request) -> Entering {
    let refused = |response: Response| Entering::Refused(Box::new(response));
    if request.uri().path() != ADDRESS {
        return Entering::One(request);
    }
    let (parts, body) = request.into_parts();
    if parts.method == Method::DELETE && is_of_nobody(&parts, hub) {
        return refused(refusal(StatusCode::NOT_FOUND, TRANSPORT_ERROR, "Session not found", None));
    }
    if parts.method != Method::POST || !is_json(&parts) {
        return Entering::One(Request::from_parts(parts, body));
    }
    let Ok(bytes) = to_bytes(body, LONGEST_BODY).await else {
        return refused(refusal(StatusCode::PAYLOAD_TOO_LARGE, INVALID_REQUEST, "The message is too large.", None));
    };
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        return match split(&parts, &bytes) {
            Ok(messages) => Entering::Batch(Batch { parts, messages }),
            Err((code, message, id)) => refused(refusal(StatusCode::BAD_REQUEST, code, &message, id.as_ref())),
        };
    }
    match check(&bytes) {
        Ok(()) => Entering::One(Request::from_parts(parts, Body::from(bytes))),
        Err((code, message, id)) => refused(refusal(StatusCode::BAD_REQUEST, code, &message, id.as_ref())),
    }
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

/// The messages of a batch.
fn split(parts: &Parts, bytes: &Bytes) -> Result<Vec<Bytes>, Fault> {
    let wrong = |message: String| Err((INVALID_REQUEST, format!("Invalid Request: {message}"), None));
    let version = parts.headers.get(VERSION_HEADER).map(HeaderValue::as_bytes);
    let Ok(messages) = serde_json::from_slice::<Vec<Value>>(bytes) else {
        return Err((PARSE_ERROR, "Parse error: the body is no JSON".to_owned(), None));
    };
    if version.is_some_and(|version| version != WITH_BATCHES.as_bytes()) {
        return wrong(format!("only revision {WITH_BATCHES} has batches"));
    }
    if messages.is_empty() || messages.len() > LONGEST_BATCH {
        return wrong(format!("a batch has 1 to {LONGEST_BATCH} messages"));
    }
    if messages.iter().any(|message| message["method"] == "initialize") {
        return wrong("`initialize` is never in a batch".to_owned());
    }
    let messages: Vec<Bytes> = messages.iter().map(|message| Bytes::from(message.to_string())).collect();
    messages.iter().try_for_each(|message| check(message))?;
    Ok(messages)
}

impl Batch {
    /// The answers to all messages, as events of one stream.
    pub(super) async fn answer(self, next: Next) -> Response {
        let mut streams = Vec::new();
        for message in self.messages {
            let request = Request::from_parts(self.parts.clone(), Body::from(message));
            let answer = next.clone().run(request).await;
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
