//! The transport of 2024-11-05, HTTP with server-sent events: a stream names the address to which messages are posted.

use super::door::check;
use super::hub::{Hub, lock};
use super::refusal::{INVALID_REQUEST, PARSE_ERROR, TRANSPORT_ERROR, refusal};
use super::server::Server;
use crate::wire::sse::SseEvent;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::StreamExt;
use http::{StatusCode, header};
use rmcp::RoleServer;
use rmcp::model::{ClientJsonRpcMessage, ServerJsonRpcMessage};
use rmcp::service::serve_server_with_ct;
use rmcp::transport::{Transport, TransportAdapterIdentity};
use serde::Deserialize;
use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio_stream::wrappers::{IntervalStream, ReceiverStream};
use tokio_util::sync::{CancellationToken, DropGuard};

/// How many streams a server has at most.
const MOST_STREAMS: usize = 512;
/// How many messages may wait in each direction.
const WAITING: usize = 64;
/// How often a silent stream shows that it lives.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How long a message may wait for its session to take it.
const PATIENCE: Duration = Duration::from_secs(10);

/// The streams of one server, by the id in their address.
#[derive(Clone)]
pub(super) struct Legacy {
    hub: Arc<Hub>,
    cancel: CancellationToken,
    streams: Arc<Mutex<HashMap<String, Sender<ClientJsonRpcMessage>>>>,
}

impl Legacy {
    pub(super) fn new(hub: Arc<Hub>, cancel: CancellationToken) -> Self {
        Self { hub, cancel, streams: Arc::default() }
    }

    /// `GET /sse` opens a stream, `POST /messages` takes what belongs to it.
    pub(super) fn router(self) -> Router {
        Router::new().route("/sse", get(open)).route("/messages", post(take)).with_state(self)
    }
}

/// A session over one stream.
struct Line {
    out: Sender<ServerJsonRpcMessage>,
    from_client: Receiver<ClientJsonRpcMessage>,
}

/// The client has left.
#[derive(Debug, thiserror::Error)]
#[error("The stream has ended.")]
struct Left;

impl Transport<RoleServer> for Line {
    type Error = Left;

    fn send(
        &mut self,
        message: ServerJsonRpcMessage,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send + 'static {
        let out = self.out.clone();
        async move { out.send(message).await.map_err(|_| Left) }
    }

    async fn receive(&mut self) -> Option<ClientJsonRpcMessage> {
        self.from_client.recv().await
    }

    async fn close(&mut self) -> Result<(), Self::Error> {
        self.from_client.close();
        Ok(())
    }
}

/// Ends the session with its stream.
struct Stream {
    id: String,
    legacy: Legacy,
    _running: DropGuard,
}

impl Drop for Stream {
    fn drop(&mut self) {
        lock(&self.legacy.streams).remove(&self.id);
    }
}

async fn open(State(legacy): State<Legacy>) -> Response {
    let (id, cancel) = (uuid::Uuid::new_v4().simple().to_string(), legacy.cancel.child_token());
    let (to_session, from_client) = channel(WAITING);
    let (out, to_client) = channel(WAITING);
    {
        let mut streams = lock(&legacy.streams);
        if streams.len() >= MOST_STREAMS {
            let message = format!("{MOST_STREAMS} streams are open already.");
            return refusal(StatusCode::SERVICE_UNAVAILABLE, TRANSPORT_ERROR, &message, None);
        }
        streams.insert(id.clone(), to_session);
    }
    let address = format!("/messages?sessionId={id}");
    let server = Server::new(Arc::clone(&legacy.hub));
    let stream = Stream { id, legacy, _running: cancel.clone().drop_guard() };
    let ends = cancel.clone();
    tokio::spawn(async move {
        let line = Line { out, from_client };
        let serve = serve_server_with_ct::<_, _, _, TransportAdapterIdentity>(server, line, cancel.clone());
        // A client that says something else than `initialize` gets no session; its stream ends.
        if let Ok(running) = serve.await {
            let _ = running.waiting().await;
        }
        cancel.cancel();
    });
    let first = SseEvent::named("endpoint", address).to_string();
    let messages = ReceiverStream::new(to_client).map(|message| written(&message));
    let start = tokio::time::Instant::now() + HEARTBEAT;
    let beats = IntervalStream::new(tokio::time::interval_at(start, HEARTBEAT)).map(|_| ": ping\n\n".to_owned());
    let said = futures_util::stream::select(messages, beats).take_until(ends.cancelled_owned());
    let all = futures_util::stream::iter([first]).chain(said).map(move |text| {
        // The stream is dropped when its client has left.
        let _ = &stream;
        Ok::<_, Infallible>(Bytes::from(text))
    });
    let headers = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-cache")];
    (headers, Body::from_stream(all)).into_response()
}

fn written(message: &ServerJsonRpcMessage) -> String {
    let data = serde_json::to_string(message).unwrap_or_default();
    SseEvent::named("message", data).to_string()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Address {
    #[serde(default)]
    session_id: String,
}

async fn take(State(legacy): State<Legacy>, Query(address): Query<Address>, body: Bytes) -> Response {
    let found = lock(&legacy.streams).get(&address.session_id).cloned();
    let Some(session) = found else {
        return refusal(StatusCode::NOT_FOUND, TRANSPORT_ERROR, "Session not found", None);
    };
    let is_batch = body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    let messages: Vec<Bytes> = match is_batch.then(|| serde_json::from_slice::<Vec<serde_json::Value>>(&body)) {
        None => vec![body],
        Some(Ok(messages)) => messages.iter().map(|message| Bytes::from(message.to_string())).collect(),
        Some(Err(_)) => return refusal(StatusCode::BAD_REQUEST, PARSE_ERROR, "Parse error: the body is no JSON", None),
    };
    for message in messages {
        if let Err((code, message, id)) = check(&message) {
            return refusal(StatusCode::BAD_REQUEST, code, &message, id.as_ref());
        }
        let Ok(message) = serde_json::from_slice::<ClientJsonRpcMessage>(&message) else {
            return refusal(StatusCode::BAD_REQUEST, INVALID_REQUEST, "Invalid Request: no message of MCP", None);
        };
        if !matches!(tokio::time::timeout(PATIENCE, session.send(message)).await, Ok(Ok(()))) {
            return refusal(StatusCode::SERVICE_UNAVAILABLE, TRANSPORT_ERROR, "The session does not listen.", None);
        }
    }
    (StatusCode::ACCEPTED, "Accepted").into_response()
}
