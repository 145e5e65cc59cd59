//! The paths of a server.

use super::door::ADDRESS;
use super::front::{Front, front};
use super::hub::Hub;
use super::legacy::Legacy;
use super::oauth::Protection;
use super::refusal::{TRANSPORT_ERROR, refusal};
use super::server::Server;
use crate::mock::LONGEST_BODY;
use axum::Router;
use axum::extract::Request;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::any;
use http::{Method, StatusCode, Uri};
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Streamable HTTP at `/mcp`, and the older transport at `/sse`. All sessions end with the token.
pub(super) fn router(hub: &Arc<Hub>, protection: Option<Protection>, cancel: &CancellationToken) -> Router {
    let config = StreamableHttpServerConfig::default()
        // The guard knows which hosts gateways send.
        .disable_allowed_hosts()
        .with_sse_retry(hub.personality.retry)
        .with_max_request_body_bytes(LONGEST_BODY)
        .with_cancellation_token(cancel.clone());
    let shared = Arc::clone(hub);
    let sessions = Arc::clone(&hub.sessions);
    let service = StreamableHttpService::new(move || Ok(Server::new(Arc::clone(&shared))), sessions, config);
    let serve = move |request: Request| {
        let service = service.clone();
        async move { service.handle(request).await }
    };
    let legacy = Legacy::new(Arc::clone(hub), cancel.clone()).router();
    let router = Router::new().route(ADDRESS, any(serve)).merge(legacy).fallback(unknown_path);
    router.layer(from_fn_with_state(Front { hub: Arc::clone(hub), protection }, front))
}

async fn unknown_path(method: Method, uri: Uri) -> Response {
    let message = format!("There is nothing at {method} {}; the server is at /mcp.", uri.path());
    refusal(StatusCode::NOT_FOUND, TRANSPORT_ERROR, &message, None)
}
