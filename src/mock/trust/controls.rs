//! What the admin API of the mocks tells of their trust material.

use super::Trust;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::StatusCode;
use serde_json::json;

/// `GET /trust`.
pub(in crate::mock) fn controls(trust: Trust) -> Router {
    Router::new().route("/trust", get(material)).with_state(trust)
}

async fn material(State(trust): State<Trust>) -> Response {
    match trust.material() {
        Ok(material) => Json(material).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({ "error": error.to_string() }))).into_response(),
    }
}
