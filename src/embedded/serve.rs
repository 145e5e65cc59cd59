//! TLS in front of the routes.

use super::refusal::Refusal;
use axum::body::Body;
use axum::response::IntoResponse as _;
use axum::{Router, middleware};
use http::{Request, Response, header};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use rustls::ServerConfig;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long a client may take for the TLS handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long open requests may go on after the end.
const GRACE: Duration = Duration::from_secs(2);
/// Pause after a failed accept, such as no free file descriptor.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// Connections at a time.
const CONNECTIONS: usize = 512;

/// Refuses requests without the token; health and version are for everyone.
pub(super) fn with_token(router: Router, token: &str) -> Router {
    let expected: Arc<str> = format!("Bearer {token}").into();
    router.layer(middleware::from_fn(move |request: Request<Body>, next: middleware::Next| {
        let expected = Arc::clone(&expected);
        async move {
            let open = matches!(request.uri().path(), "/livez" | "/readyz" | "/healthz" | "/version");
            let given = request.headers().get(header::AUTHORIZATION);
            if open || given.is_some_and(|given| same(given.as_bytes(), expected.as_bytes())) {
                return next.run(request).await;
            }
            let refusal = Refusal::unauthorized();
            let mut response: Response<Body> = refusal.to_status().to_string().into_response();
            *response.status_mut() = refusal.code;
            let json = header::HeaderValue::from_static("application/json");
            response.headers_mut().insert(header::CONTENT_TYPE, json);
            response
        }
    }))
}

/// Compares in a time that depends on the length only.
fn same(given: &[u8], expected: &[u8]) -> bool {
    given.len() == expected.len() && given.iter().zip(expected).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}

/// Accepts connections until `stop`.
pub(super) async fn serve(listener: TcpListener, config: Arc<ServerConfig>, router: Router, stop: CancellationToken) {
    let acceptor = TlsAcceptor::from(config);
    let connections = TaskTracker::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else { continue };
        let (acceptor, router, stop) = (acceptor.clone(), router.clone(), stop.clone());
        connections.spawn(async move {
            converse(stream, acceptor, router, stop).await;
            drop(place);
        });
    }
    connections.close();
    // Every connection sees `stop` too and has its own grace.
    let _ = tokio::time::timeout(GRACE * 2, connections.wait()).await;
}

async fn converse(stream: TcpStream, acceptor: TlsAcceptor, router: Router, stop: CancellationToken) {
    let _ = stream.set_nodelay(true);
    let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await else { return };
    let builder = auto::Builder::new(TokioExecutor::new());
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), TowerToHyperService::new(router));
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        () = stop.cancelled() => connection.as_mut().graceful_shutdown(),
    }
    let _ = tokio::time::timeout(GRACE, connection).await;
}
