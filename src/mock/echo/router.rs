//! The one handler of all paths.

use super::{describe, grpc, socket};
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request, State, WebSocketUpgrade};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use http::header;
use socket::Sockets;
use tokio_util::sync::CancellationToken;

/// What the handler knows.
#[derive(Clone)]
struct Echo {
    listener: &'static str,
    sockets: Sockets,
}

/// Everything that this listener serves; its WebSockets end with the token.
pub(in crate::mock) fn router(listener: &'static str, cancel: CancellationToken) -> Router {
    Router::new().fallback(echo).with_state(Echo { listener, sockets: Sockets::new(cancel) })
}

async fn echo(State(echo): State<Echo>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    if parts.headers.contains_key(header::SEC_WEBSOCKET_KEY) {
        let described = describe::head(&parts, echo.listener);
        return match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
            Ok(upgrade) => echo.sockets.open(upgrade, &parts.headers, described.into()),
            Err(rejection) => rejection.into_response(),
        };
    }
    let body = match Bytes::from_request(Request::new(body), &()).await {
        Ok(body) => body,
        Err(rejection) => return rejection.into_response(),
    };
    if grpc::is_grpc(&parts) {
        return grpc::answer(&parts, echo.listener, body);
    }
    Json(describe::whole(&parts, echo.listener, &body)).into_response()
}
