//! The yardstick of `scripts/bench-mock`: a bare axum handler that sends constant bytes and looks at nothing.
//!
//! `bare PORT ANSWER STREAM`: the file ANSWER is sent to `POST /chat`, the events of the file STREAM one by one to
//! `POST /stream`.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::post;
use axum::serve::ListenerExt;
use std::convert::Infallible;

type Failure = Box<dyn std::error::Error>;

// As many threads as the mocks have.
#[tokio::main(worker_threads = 2)]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, port, answer, stream] = arguments.as_slice() else {
        return Err("usage: bare PORT ANSWER STREAM".into());
    };
    let answer = Bytes::from(std::fs::read(answer)?);
    let stream = std::fs::read_to_string(stream)?;
    let events: Vec<Bytes> = stream.split_inclusive("\n\n").map(|event| Bytes::from(event.to_owned())).collect();
    let router = Router::new()
        .route("/chat", post(move |_: Bytes| async move { ([("content-type", "application/json")], answer) }))
        .route(
            "/stream",
            post(move |_: Bytes| async move {
                let pieces = events.into_iter().map(Ok::<_, Infallible>);
                let body = Body::from_stream(futures_util::stream::iter(pieces));
                ([("content-type", "text/event-stream; charset=utf-8")], body)
            }),
        );
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port.parse::<u16>()?)).await?;
    // As the mocks do: pieces would wait for each other else.
    let listener = listener.tap_io(|connection| {
        let _ = connection.set_nodelay(true);
    });
    Ok(axum::serve(listener, router).await?)
}
