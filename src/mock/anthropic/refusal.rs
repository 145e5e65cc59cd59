//! Anthropic's errors.

use crate::mock::cue::Seed;
use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) message: String,
}

impl Refusal {
    /// A request that is wrong.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::with(StatusCode::BAD_REQUEST, message)
    }

    /// A refusal with a status of its own.
    pub(super) fn with(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    /// What the vendor answers with a status when nothing else is known.
    pub(super) fn of_status(status: StatusCode) -> Self {
        Self::with(status, words(status))
    }

    /// The body; the seed gives it the id of the request.
    pub(super) fn body(&self, seed: &Seed) -> Value {
        json!({
            "type": "error",
            "error": { "type": kind(self.status), "message": self.message },
            "request_id": seed.id("req_"),
        })
    }

    /// The answer; the seed gives it the id of the request.
    pub(super) fn respond(&self, seed: &Seed) -> Response {
        (self.status, Json(self.body(seed))).into_response()
    }
}

/// Anthropic's refusal for a status.
pub(in crate::mock) fn refuse(seed: &Seed, status: StatusCode, message: Option<&str>) -> Response {
    Refusal::with(status, message.unwrap_or(words(status))).respond(seed)
}

fn kind(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        409 => "conflict_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        504 => "timeout_error",
        529 => "overloaded_error",
        500.. => "api_error",
        _ => "invalid_request_error",
    }
}

fn words(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "invalid x-api-key",
        402 => "Your credit balance is too low to access the Anthropic API.",
        403 => "Your API key does not have permission to use the specified resource.",
        404 => "Not found",
        413 => "Request exceeds the maximum size",
        429 => "This request would exceed your organization's rate limit. Please try again later.",
        504 => "Request timed out",
        529 => "Overloaded",
        500.. => "Internal server error",
        _ => "Invalid request",
    }
}
