//! The sessions of the server: so many and no more, the oldest ends when a new one needs its place.

use futures_util::Stream;
use rmcp::model::{ClientJsonRpcMessage, ServerJsonRpcMessage};
use rmcp::transport::streamable_http_server::SessionManager;
use rmcp::transport::streamable_http_server::session::local::{LocalSessionManager, LocalSessionManagerError};
use rmcp::transport::streamable_http_server::session::{ServerSseMessage, SessionId};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How many sessions there are at most.
const MOST_SESSIONS: usize = 1_000;
/// How long a session lives without a message.
const IDLE: Duration = Duration::from_secs(300);

/// A bounded number of sessions in memory.
pub(super) struct Sessions {
    local: LocalSessionManager,
    order: Mutex<VecDeque<SessionId>>,
    most: usize,
}

impl Sessions {
    /// No session yet.
    pub(super) fn new() -> Self {
        Self::bounded(MOST_SESSIONS)
    }

    fn bounded(most: usize) -> Self {
        let mut local = LocalSessionManager::default();
        local.session_config.keep_alive = Some(IDLE);
        local.session_config.sse_retry = None;
        Self { local, order: Mutex::default(), most }
    }

    /// Notes a new session and returns the one that has to go.
    fn admit(&self, id: &SessionId) -> Option<SessionId> {
        let mut order = self.order.lock().unwrap_or_else(PoisonError::into_inner);
        order.push_back(id.clone());
        if order.len() > self.most { order.pop_front() } else { None }
    }

    fn dismiss(&self, id: &SessionId) {
        self.order.lock().unwrap_or_else(PoisonError::into_inner).retain(|known| known != id);
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
        message: ClientJsonRpcMessage,
    ) -> Result<impl Stream<Item = ServerSseMessage> + Send + Sync + 'static, Self::Error> {
        self.local.create_stream(id, message).await
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
        let sessions = Sessions::bounded(2);
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
