//! What administrators can do to the servers: see and end sessions, and make a server tell of changes.

use super::hub::{Hub, List};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

type Hubs = Arc<[(&'static str, Arc<Hub>)]>;

/// `GET` and `DELETE /mcp/{server}/sessions`, `DELETE /mcp/{server}/sessions/{id}`, `POST /mcp/{server}/changed` with
/// `{"list": "tools"}` or `{"uri": …}`.
pub(super) fn router(hubs: Hubs) -> Router {
    Router::new()
        .route("/mcp/{server}/sessions", get(sessions).delete(expire_all))
        .route("/mcp/{server}/sessions/{id}", delete(expire))
        .route("/mcp/{server}/changed", post(changed))
        .with_state(hubs)
}

/// What has changed.
#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Changed {
    List { list: String },
    Resource { uri: String },
}

fn hub<'a>(hubs: &'a Hubs, server: &str) -> Result<&'a Arc<Hub>, Box<Response>> {
    let found = hubs.iter().find(|(name, _)| *name == server).map(|(_, hub)| hub);
    found.ok_or_else(|| {
        let names: Vec<&str> = hubs.iter().map(|(name, _)| *name).collect();
        let message = format!("There is no MCP server `{server}`; there are {}.", names.join(", "));
        Box::new(refusal(StatusCode::NOT_FOUND, &message))
    })
}

async fn sessions(State(hubs): State<Hubs>, Path(server): Path<String>) -> Response {
    match hub(&hubs, &server) {
        Ok(hub) => Json(json!({ "sessions": hub.sessions.ids() })).into_response(),
        Err(refusal) => *refusal,
    }
}

async fn expire_all(State(hubs): State<Hubs>, Path(server): Path<String>) -> Response {
    let hub = match hub(&hubs, &server) {
        Ok(hub) => hub,
        Err(refusal) => return *refusal,
    };
    let mut expired = 0;
    for id in hub.sessions.ids() {
        expired += usize::from(hub.sessions.expire(&id).await);
    }
    Json(json!({ "expired": expired })).into_response()
}

async fn expire(State(hubs): State<Hubs>, Path((server, id)): Path<(String, String)>) -> Response {
    let hub = match hub(&hubs, &server) {
        Ok(hub) => hub,
        Err(refusal) => return *refusal,
    };
    if hub.sessions.expire(&id).await {
        return StatusCode::NO_CONTENT.into_response();
    }
    refusal(StatusCode::NOT_FOUND, &format!("{server} has no session `{id}`."))
}

async fn changed(State(hubs): State<Hubs>, Path(server): Path<String>, Json(changed): Json<Changed>) -> Response {
    let hub = match hub(&hubs, &server) {
        Ok(hub) => hub,
        Err(refusal) => return *refusal,
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
