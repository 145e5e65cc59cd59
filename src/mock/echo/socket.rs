//! WebSockets (RFC 6455): the first message is the head of the request, then every message comes back.

use crate::mock::layer::LONGEST_BODY;
use axum::extract::WebSocketUpgrade;
use axum::extract::ws::{Message, WebSocket};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// How many are open at a time; more are refused.
const MOST: usize = 256;
/// How long one may be silent before it is closed.
const LONGEST_SILENCE: Duration = Duration::from_secs(10 * 60);

/// The open WebSockets of a listener; clones share them.
#[derive(Clone)]
pub(super) struct Sockets {
    room: Arc<Semaphore>,
    cancel: CancellationToken,
}

impl Sockets {
    /// None yet; all end with the token.
    pub(super) fn new(cancel: CancellationToken) -> Self {
        Self { room: Arc::new(Semaphore::new(MOST)), cancel }
    }

    /// Opens one, in the first of the protocols that the client offers.
    pub(super) fn open(&self, upgrade: WebSocketUpgrade, headers: &HeaderMap, described: Value) -> Response {
        let Ok(place) = Arc::clone(&self.room).try_acquire_owned() else {
            return (StatusCode::SERVICE_UNAVAILABLE, "Too many WebSockets are open.").into_response();
        };
        let offered = headers.get(header::SEC_WEBSOCKET_PROTOCOL).and_then(|value| value.to_str().ok());
        let first = offered.and_then(|list| list.split(',').next()).map(|name| name.trim().to_owned());
        let cancel = self.cancel.clone();
        let upgrade = upgrade.protocols(first).max_message_size(LONGEST_BODY).max_frame_size(LONGEST_BODY);
        upgrade.on_upgrade(move |socket| async move {
            // Who is not there any more needs no goodbye.
            cancel.run_until_cancelled(talk(socket, described, place)).await;
        })
    }
}

async fn talk(mut socket: WebSocket, described: Value, _place: OwnedSemaphorePermit) {
    let mut answer = Message::text(described.to_string());
    loop {
        if socket.send(answer).await.is_err() {
            return;
        }
        answer = loop {
            match timeout(LONGEST_SILENCE, socket.recv()).await {
                Ok(Some(Ok(message @ (Message::Text(_) | Message::Binary(_))))) => break message,
                // Pings and the end are answered below us.
                Ok(Some(Ok(_))) => {}
                Ok(Some(Err(_)) | None) | Err(_) => return,
            }
        };
    }
}
