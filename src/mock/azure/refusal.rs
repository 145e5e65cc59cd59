//! Azure's errors.

use crate::mock::cue::Seed;
use crate::mock::openai::Refusal;
use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

/// Why a request is refused.
pub(super) enum AzureRefusal {
    /// By Azure, before the model has seen it: a code and a message.
    Gate(StatusCode, &'static str, String),
    /// By the model's own checks, in OpenAI's words.
    Model(Refusal),
    /// By the content filter, which found this class of harm in the prompt.
    Filter(&'static str),
}

impl AzureRefusal {
    /// No good key.
    pub(super) fn denied(message: &str) -> Self {
        Self::Gate(StatusCode::UNAUTHORIZED, "401", message.to_owned())
    }

    /// No such path.
    pub(super) fn not_found() -> Self {
        Self::Gate(StatusCode::NOT_FOUND, "404", "Resource not found".to_owned())
    }

    /// A version that there is not.
    pub(super) fn bad_version() -> Self {
        Self::Gate(StatusCode::BAD_REQUEST, "BadRequest", "API version not supported".to_owned())
    }

    /// A deployment that there is not.
    pub(super) fn no_deployment() -> Self {
        let message = "The API deployment for this resource does not exist. If you created the deployment within the \
                       last 5 minutes, please wait a moment and try again.";
        Self::Gate(StatusCode::NOT_FOUND, "DeploymentNotFound", message.to_owned())
    }

    fn body(&self) -> (StatusCode, Value) {
        match self {
            Self::Gate(status, code, message) => (*status, json!({ "error": { "code": code, "message": message } })),
            Self::Model(refusal) => {
                let error = json!({
                    "message": refusal.message,
                    "type": refusal.kind,
                    "param": refusal.param,
                    "code": refusal.code,
                });
                (refusal.status, json!({ "error": error }))
            }
            Self::Filter(harm) => (StatusCode::BAD_REQUEST, json!({ "error": filtered(harm) })),
        }
    }
}

fn filtered(harm: &str) -> Value {
    let mut result = super::filter::results(Some(harm));
    result["jailbreak"] = json!({ "detected": harm == "jailbreak", "filtered": harm == "jailbreak" });
    json!({
        "message": "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. \
                    Please modify your prompt and retry. To learn more about our content filtering policies please \
                    read our documentation: https://go.microsoft.com/fwlink/?linkid=2198766",
        "type": null,
        "param": "prompt",
        "code": "content_filter",
        "status": 400,
        "innererror": { "code": "ResponsibleAIPolicyViolation", "content_filter_result": result },
    })
}

impl From<Refusal> for AzureRefusal {
    fn from(refusal: Refusal) -> Self {
        Self::Model(refusal)
    }
}

impl IntoResponse for AzureRefusal {
    fn into_response(self) -> Response {
        let (status, body) = self.body();
        (status, Json(body)).into_response()
    }
}

/// Azure's refusal for a status.
pub(in crate::mock) fn refuse(_seed: &Seed, status: StatusCode, message: Option<&str>) -> Response {
    let gate = |code: &'static str, words: &str| {
        AzureRefusal::Gate(status, code, message.unwrap_or(words).to_owned()).into_response()
    };
    match status.as_u16() {
        401 => gate("401", "Access denied due to invalid subscription key or wrong API endpoint."),
        403 => gate("403", "Access denied due to Virtual Network/Firewall rules."),
        404 => gate("404", "Resource not found"),
        408 => gate("Timeout", "The operation was timeout."),
        429 => {
            let mut response = gate(
                "429",
                "Requests to the ChatCompletions_Create Operation under Azure OpenAI API have exceeded call rate limit \
                 of your current pricing tier. Please retry after 1 second.",
            );
            for (name, value) in [("retry-after", "1"), ("retry-after-ms", "1000")] {
                response.headers_mut().insert(name, HeaderValue::from_static(value));
            }
            response
        }
        503 => gate("InternalServerError", "The service is temporarily unable to process your request."),
        500.. => {
            gate("InternalServerError", "Backend returned unexpected response. Please contact Microsoft for help.")
        }
        _ => gate("BadRequest", "The request could not be processed."),
    }
}
