//! The yardstick of `scripts/bench-mock`: a bare axum handler that sends constant bytes and looks at nothing.
//!
//! `bare PORT ANSWER STREAM`: the file ANSWER is sent to `POST /chat`, the events of the file STREAM one by one to
//! `POST /stream`. Each file is what `curl -i` prints: the headers go out too, but for those that the server makes itself.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::routing::post;
use axum::serve::ListenerExt;
use std::convert::Infallible;

/// What the server says of its own accord.
const OF_THE_SERVER: [&str; 4] = ["content-length", "transfer-encoding", "date", "connection"];

type Failure = Box<dyn std::error::Error>;

// As many threads as the mocks have.
#[tokio::main(worker_threads = 2)]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, port, answer, stream] = arguments.as_slice() else {
        return Err("usage: bare PORT ANSWER STREAM".into());
    };
    let (answer_headers, answer) = read(answer)?;
    let answer = Bytes::from(answer);
    let (stream_headers, stream) = read(stream)?;
    let events: Vec<Bytes> = stream.split_inclusive("\n\n").map(|event| Bytes::from(event.to_owned())).collect();
    let router = Router::new().route("/chat", post(move |_: Bytes| async move { (answer_headers, answer) })).route(
        "/stream",
        post(move |_: Bytes| async move {
            let pieces = events.into_iter().map(Ok::<_, Infallible>);
            let body = Body::from_stream(futures_util::stream::iter(pieces));
            (stream_headers, body)
        }),
    );
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port.parse::<u16>()?)).await?;
    // As the mocks do: pieces would wait for each other else.
    let listener = listener.tap_io(|connection| {
        let _ = connection.set_nodelay(true);
    });
    Ok(axum::serve(listener, router).await?)
}

/// Headers and body out of a file.
fn read(file: &str) -> Result<(HeaderMap, String), Failure> {
    let text = std::fs::read_to_string(file)?;
    let (head, body) = text.split_once("\r\n\r\n").ok_or("a head ends with an empty line")?;
    let mut headers = HeaderMap::new();
    for (name, value) in head.lines().skip(1).filter_map(|line| line.split_once(": ")) {
        if !OF_THE_SERVER.contains(&name) {
            headers.append(HeaderName::try_from(name)?, HeaderValue::try_from(value)?);
        }
    }
    Ok((headers, body.to_owned()))
}
