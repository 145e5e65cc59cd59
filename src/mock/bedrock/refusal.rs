//! Amazon's errors.

use crate::mock::cue::Seed;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    /// The name of the exception.
    pub(super) kind: &'static str,
    pub(super) message: String,
    /// The package in which the exception is defined.
    package: &'static str,
}

impl Refusal {
    /// A request that is wrong.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::of(StatusCode::BAD_REQUEST, "ValidationException", message)
    }

    /// A request that is not what it is signed to be, or not signed at all.
    pub(super) fn of_signature(kind: &'static str, message: impl Into<String>) -> Self {
        let package = "com.amazon.coral.service";
        Self { status: StatusCode::FORBIDDEN, kind, message: message.into(), package }
    }

    /// An exception of the service.
    pub(super) fn of(status: StatusCode, kind: &'static str, message: impl Into<String>) -> Self {
        Self { status, kind, message: message.into(), package: "com.amazon.bedrock" }
    }

    /// What the service answers with a status when nothing else is known.
    pub(super) fn of_status(status: StatusCode, message: Option<&str>) -> Self {
        let (kind, words) = match status.as_u16() {
            401 | 403 => ("AccessDeniedException", "You don't have access to the model with the specified model ID."),
            404 => ("ResourceNotFoundException", "The specified resource ARN was not found."),
            408 => ("ModelTimeoutException", "The request took too long to process."),
            424 => ("ModelErrorException", "The model returned an error while processing the request."),
            429 => ("ThrottlingException", "Too many requests, please wait before trying again."),
            503 | 529 => ("ServiceUnavailableException", "Bedrock is unable to process your request."),
            500.. => ("InternalServerException", "The system encountered an unexpected error. Try your request again."),
            _ => ("ValidationException", "The provided request is not valid."),
        };
        Self::of(status, kind, message.unwrap_or(words))
    }

    /// The answer; the seed gives it the id of the request.
    pub(super) fn respond(&self, seed: &Seed) -> Response {
        let body = json!({ "message": self.message }).to_string();
        let mut response = (self.status, [(header::CONTENT_TYPE, "application/json")], body).into_response();
        let kind = format!("{}:http://internal.amazon.com/coral/{}/", self.kind, self.package);
        if let Ok(kind) = HeaderValue::try_from(kind) {
            response.headers_mut().insert("x-amzn-errortype", kind);
        }
        with_request_id(response, seed)
    }
}

/// The response with the id of its request.
pub(super) fn with_request_id(mut response: Response, seed: &Seed) -> Response {
    let digits = seed.id("");
    let id = format!(
        "{}-{}-4{}-8{}-{}{}",
        &digits[..8],
        &digits[8..12],
        &digits[12..15],
        &digits[15..18],
        &digits[18..],
        &digits[..6]
    );
    if let Ok(id) = HeaderValue::try_from(id) {
        response.headers_mut().insert("x-amzn-requestid", id);
    }
    response
}

/// Amazon's refusal for a status.
pub(in crate::mock) fn refuse(seed: &Seed, status: StatusCode, message: Option<&str>) -> Response {
    Refusal::of_status(status, message).respond(seed)
}
