//! What a fault of the lane answers.

use crate::mock::cue::Seed;
use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;

/// The refusal for a status.
pub(in crate::mock) fn refuse(_seed: &Seed, status: StatusCode, message: Option<&str>) -> Response {
    let message = message.or(status.canonical_reason()).unwrap_or("The request cannot be answered.");
    (status, Json(json!({ "error": message }))).into_response()
}
