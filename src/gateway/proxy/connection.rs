//! Connections of clients: HTTP/1.1 and HTTP/2 without TLS on one port.

use super::{
    body::Body,
    serve::{Arrival, serve},
    shared::Shared,
};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use std::{convert::Infallible, pin::pin, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

/// Connections of all clients at a time; more wait to be accepted.
const CONNECTIONS: usize = 4096;
/// Pause after a failed accept, usually for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Accepts clients at a listener port until cancelled, and ends when all of them are gone.
pub async fn accept(shared: Arc<Shared>, listener: TcpListener, port: u16, cancel: CancellationToken) {
    let (mut clients, seats) = (JoinSet::new(), Arc::new(Semaphore::new(CONNECTIONS)));
    loop {
        let seated = async {
            let seat = Arc::clone(&seats).acquire_owned().await.ok()?;
            Some((seat, listener.accept().await))
        };
        let (seat, accepted) = tokio::select! {
            () = cancel.cancelled() => break,
            seated = seated => match seated {
                Some(seated) => seated,
                None => break,
            },
        };
        let Ok((stream, peer)) = accepted else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        while clients.try_join_next().is_some() {}
        let (shared, cancel) = (Arc::clone(&shared), cancel.clone());
        clients.spawn(async move {
            converse(shared, stream, Arrival { port, peer }, cancel).await;
            drop(seat);
        });
    }
    drop(listener);
    while clients.join_next().await.is_some() {}
}

/// Serves one client. What goes wrong on the connection is the client's business.
async fn converse(shared: Arc<Shared>, stream: TcpStream, arrival: Arrival, cancel: CancellationToken) {
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let drain = shared.drain;
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let shared = Arc::clone(&shared);
        async move { Ok::<_, Infallible>(serve(&shared, arrival, request.map(Body::Incoming)).await) }
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new());
    builder.http2().timer(TokioTimer::new());
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        _ = connection.as_mut() => return,
        () = cancel.cancelled() => connection.as_mut().graceful_shutdown(),
    }
    let _ = tokio::time::timeout(drain, connection).await;
}
