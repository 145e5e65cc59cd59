//! gRPC: every method of every service answers with the messages that it received.

use super::describe::head;
use axum::body::Body;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Version, header};
use http_body_util::{BodyExt, Full};
use serde_json::Value;

/// The metadata in which the head of the request comes back, as JSON.
const RECEIVED: &str = "echo-received-bin";
/// The largest head that fits into metadata, which clients limit to 8 KiB by default.
const LARGEST_RECEIVED: usize = 4 * 1024;
/// Flag and length before each message.
const PREFIX: usize = 5;

/// The codes of gRPC that are used here.
#[derive(Clone, Copy)]
enum Code {
    Ok = 0,
    Unimplemented = 12,
    Internal = 13,
}

/// Whether a request is one of gRPC.
pub(super) fn is_grpc(parts: &Parts) -> bool {
    let kind = parts.headers.get(header::CONTENT_TYPE).map(|value| value.as_bytes()).unwrap_or_default();
    let rest = kind.strip_prefix(b"application/grpc");
    let is_kind = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"+") || rest.starts_with(b";"));
    is_kind && parts.version == Version::HTTP_2 && parts.method == Method::POST
}

/// The answer: the same messages, with the head of the request in the metadata.
pub(super) fn answer(parts: &Parts, listener: &str, body: Bytes) -> Response {
    let is_method = parts.uri.path().split('/').filter(|part| !part.is_empty()).count() == 2;
    let ended = match (is_method, are_frames(&body)) {
        (false, _) => (Code::Unimplemented, "A path has a service and a method."),
        (true, false) => (Code::Internal, "The last message is not complete."),
        (true, true) => (Code::Ok, ""),
    };
    let body = if matches!(ended.0, Code::Ok) { body } else { Bytes::new() };
    let body = Full::new(body).with_trailers(std::future::ready(Some(Ok(trailers(ended.0, ended.1)))));
    let mut response = Response::new(Body::new(body));
    let headers = response.headers_mut();
    for name in [header::CONTENT_TYPE.as_str(), "grpc-encoding"] {
        if let (Some(value), Ok(name)) = (parts.headers.get(name), http::HeaderName::try_from(name)) {
            headers.insert(name, value.clone());
        }
    }
    let received = Value::Object(head(parts, listener)).to_string();
    if received.len() <= LARGEST_RECEIVED
        && let Ok(value) = HeaderValue::try_from(STANDARD_NO_PAD.encode(received))
    {
        headers.insert(RECEIVED, value);
    }
    response
}

/// Whether a body is nothing but whole messages.
fn are_frames(mut body: &[u8]) -> bool {
    while let Some((prefix, rest)) = body.split_first_chunk::<PREFIX>() {
        let [flag, length @ ..] = *prefix;
        let length = u32::from_be_bytes(length) as usize;
        if flag > 1 || rest.len() < length {
            return false;
        }
        body = &rest[length..];
    }
    body.is_empty()
}

fn trailers(code: Code, message: &'static str) -> HeaderMap {
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", HeaderValue::from(code as u16));
    if !message.is_empty() {
        trailers.insert("grpc-message", HeaderValue::from_static(message));
    }
    trailers
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn messages_are_whole_or_they_are_none() {
        assert!(are_frames(b"") && are_frames(b"\0\0\0\0\x02ab\x01\0\0\0\0"));
        assert!(!are_frames(b"\0\0\0\0\x03ab") && !are_frames(b"\0\0") && !are_frames(b"\x02\0\0\0\0"));
    }

    proptest! {
        #[test]
        fn anything_may_come(body: Vec<u8>) {
            are_frames(&body);
        }
    }
}
