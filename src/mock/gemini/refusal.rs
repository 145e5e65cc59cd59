//! Google's errors.

use crate::mock::cue::Seed;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::{Value, json};

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::mock) struct Refusal {
    pub(in crate::mock) status: StatusCode,
    pub(in crate::mock) message: String,
    pub(in crate::mock) details: Vec<Value>,
}

impl Refusal {
    /// A request that is wrong.
    pub(in crate::mock) fn invalid(message: impl Into<String>) -> Self {
        Self::with(StatusCode::BAD_REQUEST, message)
    }

    /// A refusal with a status of its own.
    pub(in crate::mock) fn with(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), details: vec![] }
    }

    /// With the reason that programs read.
    pub(in crate::mock) fn because(mut self, reason: &str, service: &str) -> Self {
        self.details.push(json!({
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": reason,
            "domain": "googleapis.com",
            "metadata": { "service": service },
        }));
        self
    }

    /// The error itself.
    pub(super) fn body(&self) -> Value {
        let mut error = json!({ "code": self.status.as_u16(), "message": self.message, "status": name(self.status) });
        if !self.details.is_empty() {
            error["details"] = self.details.clone().into();
        }
        json!({ "error": error })
    }

    /// The error in a list of one, as it comes on the compatible paths and instead of a list of chunks.
    pub(in crate::mock) fn in_list(&self) -> Response {
        google_json(self.status, &json!([self.body()]))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        google_json(self.status, &self.body())
    }
}

/// JSON as Google labels it.
pub(in crate::mock) fn google_json(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json; charset=UTF-8")], body.to_string()).into_response()
}

/// Google's refusal for a status.
pub(in crate::mock) fn refuse(_seed: &Seed, status: StatusCode, message: Option<&str>) -> Response {
    Refusal::with(status, message.unwrap_or(words(status))).into_response()
}

fn name(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "INVALID_ARGUMENT",
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        408 | 504 => "DEADLINE_EXCEEDED",
        409 => "ABORTED",
        429 => "RESOURCE_EXHAUSTED",
        499 => "CANCELLED",
        501 => "UNIMPLEMENTED",
        503 => "UNAVAILABLE",
        500.. => "INTERNAL",
        _ => "FAILED_PRECONDITION",
    }
}

fn words(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "Request had invalid authentication credentials.",
        403 => "The caller does not have permission",
        404 => "Requested entity was not found.",
        429 => "Resource has been exhausted (e.g. check quota).",
        503 => "The model is overloaded. Please try again later.",
        504 => "Deadline expired before operation could complete.",
        500.. => {
            "An internal error has occurred. Please retry or report in \
                  https://developers.generativeai.google/guide/troubleshooting"
        }
        _ => "Request contains an invalid argument.",
    }
}
