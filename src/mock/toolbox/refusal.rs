//! What a fault of the lane answers: a JSON-RPC error that belongs to no request.

use crate::mock::cue::Seed;
use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;

/// JSON-RPC's code for an error inside the server.
const INTERNAL_ERROR: i32 = -32603;

/// The refusal for a status.
pub(in crate::mock) fn refuse(_seed: &Seed, status: StatusCode, message: Option<&str>) -> Response {
    let message = message.or(status.canonical_reason()).unwrap_or("The server could not answer.");
    let body = json!({ "jsonrpc": "2.0", "id": null, "error": { "code": INTERNAL_ERROR, "message": message } });
    (status, Json(body)).into_response()
}
