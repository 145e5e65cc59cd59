//! How the identity provider refuses.

use crate::mock::cue::Seed;
use crate::mock::trust::TrustError;
use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

/// An error response of OAuth 2.0 (RFC 6749, section 5.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OAuthError {
    pub(super) status: StatusCode,
    /// The code that programs look at.
    pub(super) code: &'static str,
    /// What people read.
    pub(super) description: String,
    /// The challenge that goes with it.
    pub(super) challenge: Option<&'static str>,
}

impl OAuthError {
    /// 400 with a code.
    pub(super) fn new(code: &'static str, description: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, code, description: description.into(), challenge: None }
    }

    /// `invalid_request`: a parameter is missing, is there twice, or makes no sense.
    pub(super) fn request(description: impl Into<String>) -> Self {
        Self::new("invalid_request", description)
    }

    /// `invalid_grant`: what was granted is unknown, used, over, or another client's.
    pub(super) fn grant(description: impl Into<String>) -> Self {
        Self::new("invalid_grant", description)
    }

    /// `invalid_client`: 401, with a challenge for the scheme that the client used (RFC 6749, section 5.2).
    pub(super) fn client(description: impl Into<String>, used_header: bool) -> Self {
        let challenge = used_header.then_some("Basic realm=\"agw-sandbox\"");
        Self { status: StatusCode::UNAUTHORIZED, challenge, ..Self::new("invalid_client", description) }
    }

    /// A bearer token that is missing or bad (RFC 6750, section 3).
    pub(super) fn bearer(challenge: &'static str, description: impl Into<String>) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, challenge: Some(challenge), ..Self::new("invalid_token", description) }
    }
}

impl From<TrustError> for OAuthError {
    fn from(error: TrustError) -> Self {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self { status, ..Self::new("server_error", error.to_string()) }
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let body = json!({ "error": self.code, "error_description": legible(&self.description) });
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
        if let Some(challenge) = self.challenge {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }
}

/// The letters that `error_description` may have (RFC 6749, section 5.2); others become `?`.
pub(super) fn legible(text: &str) -> String {
    let may_stand = |letter: char| matches!(letter, ' '..='~') && !matches!(letter, '"' | '\\');
    text.chars().map(|letter| if may_stand(letter) { letter } else { '?' }).collect()
}

/// What a fault of the lane answers.
pub(in crate::mock) fn refuse(_seed: &Seed, status: StatusCode, message: Option<&str>) -> Response {
    let code = match status {
        StatusCode::UNAUTHORIZED => "invalid_client",
        StatusCode::SERVICE_UNAVAILABLE => "temporarily_unavailable",
        _ if status.is_server_error() => "server_error",
        _ => "invalid_request",
    };
    let description = message.or(status.canonical_reason()).unwrap_or("The request cannot be answered.");
    OAuthError { status, ..OAuthError::new(code, description) }.into_response()
}
