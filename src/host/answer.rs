//! One question to one address: is an Ollama there, and which models does it have?

use http_body_util::{BodyExt, Empty, Limited};
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long a local connection may take to be made.
const TO_CONNECT: Duration = Duration::from_millis(300);

/// How long a connected server may take to answer; a busy machine is given time, one that does not listen is not met.
const TO_ANSWER: Duration = Duration::from_secs(1);

/// The longest answer that is read, in bytes: a list of a few thousand models.
const LONGEST_ANSWER: usize = 4 << 20;

/// What an address answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// No connection.
    Nothing,
    /// A server that is no Ollama.
    Other,
    /// An Ollama of this version.
    Ollama(String),
}

/// Asks for the version, over HTTP: a proxy that only accepts connections is not an Ollama.
pub(super) async fn ask(address: SocketAddr) -> Answer {
    let Ok(Ok(stream)) = timeout(TO_CONNECT, TcpStream::connect(address)).await else { return Answer::Nothing };
    let answer = timeout(TO_ANSWER, get(stream, address, "/api/version")).await.ok().flatten();
    match answer.as_ref().and_then(|body| body.get("version")?.as_str()) {
        Some(version) => Answer::Ollama(version.to_owned()),
        None => Answer::Other,
    }
}

/// The models of an Ollama; none if it does not say.
pub(super) async fn models(address: SocketAddr) -> Option<Vec<String>> {
    let stream = timeout(TO_CONNECT, TcpStream::connect(address)).await.ok()?.ok()?;
    let body = timeout(TO_ANSWER, get(stream, address, "/api/tags")).await.ok()??;
    let names = body.get("models")?.as_array()?.iter().filter_map(|model| model.get("name")?.as_str());
    Some(names.map(str::to_owned).collect())
}

async fn get(stream: TcpStream, address: SocketAddr, path: &str) -> Option<Value> {
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await.ok()?;
    let request = http::Request::get(path).header(http::header::HOST, address.to_string());
    let request = request.body(Empty::<bytes::Bytes>::new()).ok()?;
    let exchange = async {
        let response = sender.send_request(request).await.ok()?;
        if !response.status().is_success() {
            return None;
        }
        let body = Limited::new(response.into_body(), LONGEST_ANSWER).collect().await.ok()?;
        serde_json::from_slice(&body.to_bytes()).ok()
    };
    // The connection is driven here, so that it ends with the question.
    tokio::pin!(exchange);
    tokio::select! {
        answer = &mut exchange => answer,
        _ = connection => exchange.await,
    }
}
