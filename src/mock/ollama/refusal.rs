//! Ollama's errors.

use crate::mock::cue::Seed;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::{Value, json};

/// JSON as the native paths label it.
pub(super) const JSON: &str = "application/json; charset=utf-8";
/// JSON as the compatible paths label it, and errors that come late.
pub(super) const PLAIN_JSON: &str = "application/json";

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) message: String,
    /// Whether it is found only after the answer has begun to be made.
    is_late: bool,
}

impl Refusal {
    /// A request that is wrong.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::with(StatusCode::BAD_REQUEST, message)
    }

    /// A refusal with a status of its own.
    pub(super) fn with(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), is_late: false }
    }

    /// A failure that shows late.
    pub(super) fn late(message: impl Into<String>) -> Self {
        Self { is_late: true, ..Self::with(StatusCode::INTERNAL_SERVER_ERROR, message) }
    }

    /// As the compatible paths say it; `is_early` tells whether the request was not even understood.
    pub(super) fn compatible(&self, is_early: bool) -> Response {
        let kind = if is_early { "invalid_request_error" } else { "api_error" };
        let error = json!({ "message": self.message, "type": kind, "param": null, "code": null });
        answer(self.status, if is_early { JSON } else { PLAIN_JSON }, &json!({ "error": error }))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        answer(self.status, if self.is_late { PLAIN_JSON } else { JSON }, &json!({ "error": self.message }))
    }
}

/// An answer in one piece.
pub(super) fn answer(status: StatusCode, kind: &'static str, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, kind)], body.to_string()).into_response()
}

/// Ollama's refusal for a status.
pub(in crate::mock) fn refuse(_seed: &Seed, status: StatusCode, message: Option<&str>) -> Response {
    Refusal::with(status, message.unwrap_or(words(status))).into_response()
}

/// What is said with a status when nothing else is known.
pub(super) fn words(status: StatusCode) -> &'static str {
    match status.as_u16() {
        404 => "model not found",
        429 => "too many requests",
        503 => "server busy, please try again.  maximum pending requests exceeded",
        500.. => "llama runner process has terminated: signal: killed",
        _ => "invalid request",
    }
}
