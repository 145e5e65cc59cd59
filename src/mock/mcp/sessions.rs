//! The sessions of the server: so many and no more, the oldest ends when a new one needs its place.

use super::hub::lock;
use futures_util::Stream;
use rmcp::model::{ClientJsonRpcMessage, GetExtensions, ServerJsonRpcMessage};
use rmcp::transport::streamable_http_server::SessionManager;
use rmcp::transport::streamable_http_server::session::local::{
    LocalSessionHandle, LocalSessionManager, LocalSessionManagerError,
};
use rmcp::transport::streamable_http_server::session::{ServerSseMessage, SessionId};
use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;
use tokio_stream::wrappers::ReceiverStream;

/// How many sessions one server has at most.
const MOST_SESSIONS: usize = 2_000;
/// How long a session lives without a message.
const IDLE: Duration = Duration::from_secs(300);

/// The stream on which a request of a session is answered. It is an extension of the request.
#[derive(Clone)]
pub(super) struct OwnStream {
    session: LocalSessionHandle,
    number: u64,
}

impl OwnStream {
    /// The session of the request.
    pub(super) fn session(&self) -> &str {
        self.session.id()
    }

    /// Ends the stream; the answer is there for a client that comes back for it.
    pub(super) async fn close(&self, retry: Duration) {
        // A stream that is gone needs no end.
        let _ = self.session.close_sse_stream(self.number, Some(retry)).await;
    }
}

/// A bounded number of sessions in memory.
pub(super) struct Sessions {
    local: LocalSessionManager,
    order: Mutex<VecDeque<SessionId>>,
    most: usize,
}

impl Sessions {
    /// No session yet. With a time, every stream begins with an event that says when to come back.
    pub(super) fn new(retry: Option<Duration>) -> Self {
        Self::bounded(MOST_SESSIONS, retry)
    }

    fn bounded(most: usize, retry: Option<Duration>) -> Self {
        let mut local = LocalSessionManager::default();
        local.session_config.keep_alive = Some(IDLE);
        local.session_config.sse_retry = retry;
        Self { local, order: Mutex::default(), most }
    }

    /// The ids of all sessions, the oldest first.
    pub(super) fn ids(&self) -> Vec<String> {
        lock(&self.order).iter().map(ToString::to_string).collect()
    }

    /// Whether there is a session with this id.
    pub(super) fn has(&self, id: &str) -> bool {
        lock(&self.order).iter().any(|known| known.as_ref() == id)
    }

    /// Ends a session as if its time were over; false when there is none with this id.
    pub(super) async fn expire(&self, id: &str) -> bool {
        let id: SessionId = id.into();
        let is_known = self.local.sessions.read().await.contains_key(&id);
        // A session that has just ended by itself is gone as well.
        is_known && self.close_session(&id).await.is_ok()
    }

    /// Notes a new session and returns the one that has to go.
    fn admit(&self, id: &SessionId) -> Option<SessionId> {
        let mut order = lock(&self.order);
        order.push_back(id.clone());
        if order.len() > self.most { order.pop_front() } else { None }
    }

    fn dismiss(&self, id: &SessionId) {
        lock(&self.order).retain(|known| known != id);
    }
}

impl SessionManager for Sessions {
    type Error = LocalSessionManagerError;
    type Transport = <LocalSessionManager as SessionManager>::Transport;

    async fn create_session(&self) -> Result<(SessionId, Self::Transport), Self::Error> {
        let (id, transport) = self.local.create_session().await?;
        if let Some(oldest) = self.admit(&id) {
            self.local.close_session(&oldest).await?;
        }
        Ok((id, transport))
    }

    async fn initialize_session(
        &self,
        id: &SessionId,
        message: ClientJsonRpcMessage,
    ) -> Result<ServerJsonRpcMessage, Self::Error> {
        self.local.initialize_session(id, message).await
    }

    async fn has_session(&self, id: &SessionId) -> Result<bool, Self::Error> {
        self.local.has_session(id).await
    }

    async fn close_session(&self, id: &SessionId) -> Result<(), Self::Error> {
        self.dismiss(id);
        self.local.close_session(id).await
    }

    async fn create_stream(
        &self,
        id: &SessionId,
        mut message: ClientJsonRpcMessage,
    ) -> Result<impl Stream<Item = ServerSseMessage> + Send + Sync + 'static, Self::Error> {
        let found = self.local.sessions.read().await.get(id).cloned();
        let handle = found.ok_or_else(|| LocalSessionManagerError::SessionNotFound(id.clone()))?;
        let stream = handle.establish_request_wise_channel().await?;
        if let (ClientJsonRpcMessage::Request(request), Some(number)) = (&mut message, stream.http_request_id) {
            let own = OwnStream { session: handle.clone(), number };
            request.request.extensions_mut().insert(own);
        }
        handle.push_message(message, stream.http_request_id).await?;
        Ok(ReceiverStream::new(stream.inner))
    }

    async fn accept_message(&self, id: &SessionId, message: ClientJsonRpcMessage) -> Result<(), Self::Error> {
        self.local.accept_message(id, message).await
    }

    async fn create_standalone_stream(
        &self,
        id: &SessionId,
    ) -> Result<impl Stream<Item = ServerSseMessage> + Send + Sync + 'static, Self::Error> {
        self.local.create_standalone_stream(id).await
    }

    async fn resume(
        &self,
        id: &SessionId,
        last_event_id: String,
    ) -> Result<impl Stream<Item = ServerSseMessage> + Send + Sync + 'static, Self::Error> {
        self.local.resume(id, last_event_id).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_oldest_session_gives_way() {
        let sessions = Sessions::bounded(2, None);
        let mut ids = Vec::new();
        for _ in 0..3 {
            let (id, _transport) = sessions.create_session().await.unwrap();
            ids.push(id);
        }
        assert!(!sessions.has_session(&ids[0]).await.unwrap());
        assert!(sessions.has_session(&ids[1]).await.unwrap());
        sessions.close_session(&ids[1]).await.unwrap();
        let (_, _transport) = sessions.create_session().await.unwrap();
        assert!(sessions.has_session(&ids[2]).await.unwrap(), "a closed session takes no place");
    }
}
