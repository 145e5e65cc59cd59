//! Claude where other vendors host it: Anthropic's mock answers, behind the host's own paths and credentials.

use super::anthropic;
use super::cue::Cue;
use axum::body::Body;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use serde_json::{Map, Value};
use tower::ServiceExt;

const BETA: &str = "anthropic-beta";
/// The version that hosts take beside their own: Anthropic's own clients send it since 2.12.
const NEWEST_VERSION: &str = "2026-10-21";

/// The answer of Anthropic's mock to a request at one of its own paths.
pub(super) async fn ask(path: &str, request: &Map<String, Value>, cue: Cue, headers: &HeaderMap) -> Response {
    let body = Body::from(Value::Object(request.clone()).to_string());
    let mut inner = Request::new(body);
    *inner.method_mut() = http::Method::POST;
    if let Ok(path) = path.parse() {
        *inner.uri_mut() = path;
    }
    for (name, value) in [
        ("x-api-key", "sk-ant-hosted"),
        ("anthropic-version", "2023-06-01"),
        (header::CONTENT_TYPE.as_str(), "application/json"),
    ] {
        inner.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    if let Some(beta) = headers.get(BETA) {
        inner.headers_mut().insert(BETA, beta.clone());
    }
    inner.extensions_mut().insert(cue);
    // The error of a router is uninhabited.
    let Ok(response) = anthropic::router().oneshot(inner).await;
    response
}

/// Takes `anthropic_version` out of a body; the error is what Anthropic says when it is not the host's.
pub(super) fn take_version(request: &mut Map<String, Value>, expected: &str) -> Result<(), String> {
    match request.shift_remove("anthropic_version") {
        None => Err("anthropic_version: Field required".to_owned()),
        Some(Value::String(version)) if version == expected || version == NEWEST_VERSION => Ok(()),
        Some(_) => Err(format!("anthropic_version: Input should be '{expected}'")),
    }
}

/// Anthropic's error for a request that is wrong.
pub(super) fn invalid(cue: &Cue, message: &str) -> Response {
    anthropic::refuse(&cue.seed, StatusCode::BAD_REQUEST, Some(message))
}
