//! How a server refuses what is no request of a session: as a JSON-RPC error that belongs to no request.

use crate::mock::cue::Seed;
use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

/// JSON-RPC's code for text that is no JSON.
pub(super) const PARSE_ERROR: i32 = -32700;
/// JSON-RPC's code for JSON that is no message.
pub(super) const INVALID_REQUEST: i32 = -32600;
/// JSON-RPC's code for an error inside the server.
const INTERNAL_ERROR: i32 = -32603;
/// The code of the reference implementations for what the transport refuses.
pub(super) const TRANSPORT_ERROR: i32 = -32000;

/// The refusal for a status that a fault of the lane asks for.
pub(in crate::mock) fn refuse(_seed: &Seed, status: StatusCode, message: Option<&str>) -> Response {
    let message = message.or(status.canonical_reason()).unwrap_or("The server could not answer.");
    let body = json!({ "jsonrpc": "2.0", "id": null, "error": { "code": INTERNAL_ERROR, "message": message } });
    (status, Json(body)).into_response()
}

/// A JSON-RPC error; without an id when the request's cannot be told.
pub(super) fn refusal(status: StatusCode, code: i32, message: &str, id: Option<&Value>) -> Response {
    let mut body = json!({ "jsonrpc": "2.0", "error": { "code": code, "message": message } });
    if let Some(id) = id {
        body["id"] = id.clone();
    }
    (status, Json(body)).into_response()
}
