//! The one path of this server.

use super::server::Toolbox;
use super::sessions::Sessions;
use crate::mock::toolbox::refuse;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::any;
use axum::{Extension, Router};
use http::{Method, StatusCode, Uri};
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Everything that this mock serves; its sessions end with the token.
pub(in crate::mock) fn router(cancel: CancellationToken) -> Router {
    // A gateway sends the host of its client or of a Service; the layer in front needs them for the lanes.
    let config = StreamableHttpServerConfig::default()
        .disable_allowed_hosts()
        .with_sse_retry(None)
        .with_cancellation_token(cancel);
    let service = StreamableHttpService::new(|| Ok(Toolbox::new()), Arc::new(Sessions::new()), config);
    let serve = move |request: Request| {
        let service = service.clone();
        async move { service.handle(request).await }
    };
    Router::new().route("/mcp", any(serve)).fallback(unknown_path)
}

async fn unknown_path(Extension(cue): Extension<crate::mock::cue::Cue>, method: Method, uri: Uri) -> Response {
    let message = format!("There is nothing at {method} {}; the server is at /mcp.", uri.path());
    refuse(&cue.seed, StatusCode::NOT_FOUND, Some(&message))
}
