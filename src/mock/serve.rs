//! Accepts the connections of one mock and ends them all when it is told to.

use super::line::{HangUp, Line, Socket};
use super::tls_session::TlsSession;
use axum::Router;
use axum::response::Response;
use http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use rustls::ServerConfig;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

/// How many connections one mock holds at a time; more wait.
const MOST_CONNECTIONS: usize = 1_024;
/// How large the head of a request may be, in bytes; a larger one is answered with 431.
pub const LARGEST_HEAD: usize = 64 * 1024;
/// How long a client may take to send the head of a request.
const HEAD_DEADLINE: Duration = Duration::from_secs(30);
/// How long a client may take for the handshake of TLS.
const HANDSHAKE_DEADLINE: Duration = Duration::from_secs(10);
/// The pause after the system refused a connection, for example because no file descriptor is left.
const PAUSE: Duration = Duration::from_millis(50);

/// Serves until cancelled. Every connection is a task of the tracker.
pub(super) async fn serve(
    listener: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    router: Router,
    cancel: CancellationToken,
    tasks: TaskTracker,
) {
    let acceptor = tls.map(TlsAcceptor::from);
    let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let accept_all = async {
        loop {
            // The semaphore is never closed.
            let Ok(place) = Arc::clone(&room).acquire_owned().await else { return };
            let Ok((connection, _)) = listener.accept().await else {
                tokio::time::sleep(PAUSE).await;
                continue;
            };
            let talk = greet(connection, acceptor.clone(), router.clone());
            let cancel = cancel.clone();
            tasks.spawn(async move {
                let _place = place;
                cancel.run_until_cancelled(talk).await;
            });
        }
    };
    cancel.run_until_cancelled(accept_all).await;
}

/// Begins a connection, with a handshake where it is encrypted.
async fn greet(connection: TcpStream, acceptor: Option<TlsAcceptor>, router: Router) {
    // Without it small events of a stream would wait for each other.
    let _ = connection.set_nodelay(true);
    let line = Line::to(connection.peer_addr().ok());
    let socket = Socket::new(connection, line.clone());
    let Some(acceptor) = acceptor else {
        return talk(socket, line, router).await;
    };
    // A handshake that fails has been told to the client in an alert.
    if let Ok(Ok(encrypted)) = timeout(HANDSHAKE_DEADLINE, acceptor.accept(socket)).await {
        let line = line.over(TlsSession::of(encrypted.get_ref().1));
        talk(encrypted, line, router).await;
    }
}

/// Answers the requests of a connection until it ends.
async fn talk(socket: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, line: Line, router: Router) {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_DEADLINE).max_buf_size(LARGEST_HEAD);
    builder.http2().timer(TokioTimer::new()).max_header_list_size(LARGEST_HEAD as u32).max_concurrent_streams(128);
    let service = service_fn(|request| answer(router.clone(), line.clone(), request));
    let mut connection = pin!(builder.serve_connection_with_upgrades(TokioIo::new(socket), service));
    // A connection that breaks is the client's affair; the recorder has noted it.
    tokio::select! {
        // Before the next answer goes out, so that it can say that it is the last.
        biased;
        () = line.left() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
        _ = connection.as_mut() => {}
    }
}

/// The error that makes a connection end without an answer.
#[derive(Debug, thiserror::Error)]
#[error("A fault of the lane ended the connection.")]
struct HungUp;

async fn answer(router: Router, line: Line, mut request: Request<Incoming>) -> Result<Response, HungUp> {
    request.extensions_mut().insert(line);
    // The router cannot fail.
    let response = router.oneshot(request).await.map_err(|_| HungUp)?;
    match response.extensions().get::<HangUp>() {
        Some(_) => Err(HungUp),
        None => Ok(response),
    }
}
