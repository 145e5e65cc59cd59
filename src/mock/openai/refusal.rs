//! OpenAI's errors.

use crate::mock::cue::Seed;
use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

/// Why a request is refused, before any vendor's dress.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::mock) struct Refusal {
    pub(in crate::mock) status: StatusCode,
    /// The class of the error.
    pub(in crate::mock) kind: &'static str,
    pub(in crate::mock) message: String,
    /// The parameter that is to blame.
    pub(in crate::mock) param: Option<String>,
    pub(in crate::mock) code: Option<&'static str>,
}

impl Refusal {
    /// A request that is wrong as a whole.
    pub(in crate::mock) fn of_request(
        status: StatusCode,
        code: Option<&'static str>,
        message: impl Into<String>,
    ) -> Self {
        Self { status, kind: "invalid_request_error", message: message.into(), param: None, code }
    }

    /// A parameter that is wrong.
    pub(in crate::mock) fn of_parameter(param: &str, code: &'static str, message: impl Into<String>) -> Self {
        let refusal = Self::of_request(StatusCode::BAD_REQUEST, Some(code), message);
        Self { param: Some(param.to_owned()), ..refusal }
    }

    /// What the vendor answers with a status when nothing else is known.
    pub(in crate::mock) fn of_status(status: StatusCode) -> Self {
        let (kind, code, message) = match status.as_u16() {
            401 => ("invalid_request_error", Some("invalid_api_key"), "Incorrect API key provided."),
            403 => (
                "invalid_request_error",
                Some("unsupported_country_region_territory"),
                "Country, region, or territory not supported",
            ),
            404 => (
                "invalid_request_error",
                Some("model_not_found"),
                "The model does not exist or you do not have access to it.",
            ),
            429 => {
                ("requests", Some("rate_limit_exceeded"), "Rate limit reached for requests. Please try again later.")
            }
            503 => (
                "server_error",
                None,
                "The server is currently overloaded with other requests. Sorry about that! You can retry your request.",
            ),
            500.. => ("server_error", None, "The server had an error while processing your request. Sorry about that!"),
            _ => ("invalid_request_error", None, "The request could not be processed."),
        };
        Self { status, kind, message: message.to_owned(), param: None, code }
    }

    fn body(&self) -> Value {
        json!({ "error": { "message": self.message, "type": self.kind, "param": self.param, "code": self.code } })
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(self.body())).into_response()
    }
}

/// OpenAI's refusal for a status.
pub(in crate::mock) fn refuse(_seed: &Seed, status: StatusCode, message: Option<&str>) -> Response {
    let mut refusal = Refusal::of_status(status);
    if let Some(message) = message {
        refusal.message = message.to_owned();
    }
    refusal.into_response()
}
