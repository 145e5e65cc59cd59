//! What administrators can do to a server: see and end sessions, and make it tell of changes.

use super::hub::{Hub, List};
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

/// `GET` and `DELETE /sessions`, `DELETE /sessions/{id}`, `POST /changed` with `{"list": "tools"}` or `{"uri": …}`.
pub(super) fn controls(hub: Arc<Hub>) -> Router {
    Router::new()
        .route("/sessions", get(sessions).delete(expire_all))
        .route("/sessions/{id}", delete(expire))
        .route("/changed", post(changed))
        .with_state(hub)
}

/// What has changed.
#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Changed {
    List { list: String },
    Resource { uri: String },
}

async fn sessions(State(hub): State<Arc<Hub>>) -> Response {
    Json(json!({ "sessions": hub.sessions.ids() })).into_response()
}

async fn expire_all(State(hub): State<Arc<Hub>>) -> Response {
    let mut expired = 0;
    for id in hub.sessions.ids() {
        expired += usize::from(hub.sessions.expire(&id).await);
    }
    Json(json!({ "expired": expired })).into_response()
}

async fn expire(State(hub): State<Arc<Hub>>, Path(id): Path<String>) -> Response {
    if hub.sessions.expire(&id).await {
        return StatusCode::NO_CONTENT.into_response();
    }
    refusal(StatusCode::NOT_FOUND, &format!("There is no session `{id}`."))
}

async fn changed(State(hub): State<Arc<Hub>>, changed: Result<Json<Changed>, JsonRejection>) -> Response {
    let changed = match changed {
        Ok(Json(changed)) => changed,
        Err(rejection) => return refusal(rejection.status(), &rejection.body_text()),
    };
    let told = match changed {
        Changed::Resource { uri } => hub.updated(&uri).await,
        Changed::List { list } => match list.as_str() {
            "tools" => hub.changed(List::Tools).await,
            "resources" => hub.changed(List::Resources).await,
            "prompts" => hub.changed(List::Prompts).await,
            _ => return refusal(StatusCode::BAD_REQUEST, "`list` is one of tools, resources, prompts."),
        },
    };
    Json(json!({ "told": told })).into_response()
}

fn refusal(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "error": message }))).into_response()
}
