//! What the sessions of one server share: who listens, and what is under way.

use super::personality::Personality;
use super::seal::Seal;
use super::sessions::Sessions;
use rmcp::RoleServer;
use rmcp::model::ResourceUpdatedNotificationParam;
use rmcp::service::{Peer, SubscriptionSink};
use rmcp::task_manager::TaskManager;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The URIs that one session wants to hear of.
pub(super) type Watched = Arc<Mutex<HashSet<String>>>;

/// A list of the server that may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    Tools,
    Resources,
    Prompts,
}

/// One server behind all its sessions.
pub(super) struct Hub {
    pub(super) personality: Arc<Personality>,
    pub(super) sessions: Arc<Sessions>,
    pub(super) tasks: TaskManager,
    pub(super) seal: Seal,
    calls: AtomicU64,
    numbers: AtomicU64,
    listeners: Mutex<HashMap<u64, Listener>>,
}

/// Who hears of changes.
#[derive(Clone)]
enum Listener {
    /// A session, and what it subscribed to.
    Session(Peer<RoleServer>, Watched),
    /// A `subscriptions/listen` of the stateless revision.
    Subscription(SubscriptionSink),
}

/// A listener, as long as it lives.
pub(super) struct Listening {
    hub: Arc<Hub>,
    number: u64,
}

impl Drop for Listening {
    fn drop(&mut self) {
        lock(&self.hub.listeners).remove(&self.number);
    }
}

impl Hub {
    pub(super) fn new(personality: Arc<Personality>) -> Self {
        let sessions = Arc::new(Sessions::new(personality.retry));
        Self {
            personality,
            sessions,
            tasks: TaskManager::new(),
            seal: Seal::new(),
            calls: AtomicU64::default(),
            numbers: AtomicU64::default(),
            listeners: Mutex::default(),
        }
    }

    /// How many calls were counted before this one.
    pub(super) fn count_call(&self) -> u64 {
        self.calls.fetch_add(1, Ordering::Relaxed)
    }

    /// A session hears of changes until what is returned is dropped.
    pub(super) fn add_session(self: &Arc<Self>, peer: Peer<RoleServer>, watched: Watched) -> Listening {
        self.add(Listener::Session(peer, watched))
    }

    /// A subscription hears of changes until what is returned is dropped.
    pub(super) fn add_subscription(self: &Arc<Self>, sink: SubscriptionSink) -> Listening {
        self.add(Listener::Subscription(sink))
    }

    fn add(self: &Arc<Self>, listener: Listener) -> Listening {
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        lock(&self.listeners).insert(number, listener);
        Listening { hub: Arc::clone(self), number }
    }

    /// Tells everybody that a list has changed; how many were told.
    pub(super) async fn changed(&self, list: List) -> usize {
        let mut told = 0;
        for listener in self.listeners() {
            let has_heard = match (listener, list) {
                (Listener::Session(peer, _), List::Tools) => peer.notify_tool_list_changed().await.is_ok(),
                (Listener::Session(peer, _), List::Resources) => peer.notify_resource_list_changed().await.is_ok(),
                (Listener::Session(peer, _), List::Prompts) => peer.notify_prompt_list_changed().await.is_ok(),
                (Listener::Subscription(sink), List::Tools) => sink.notify_tool_list_changed().await.is_ok(),
                (Listener::Subscription(sink), List::Resources) => sink.notify_resource_list_changed().await.is_ok(),
                (Listener::Subscription(sink), List::Prompts) => sink.notify_prompt_list_changed().await.is_ok(),
            };
            told += usize::from(has_heard);
        }
        told
    }

    /// Tells those who subscribed to a resource that it has changed; how many were told.
    pub(super) async fn updated(&self, uri: &str) -> usize {
        let mut told = 0;
        for listener in self.listeners() {
            let has_heard = match listener {
                Listener::Session(peer, watched) => {
                    let changed = ResourceUpdatedNotificationParam::new(uri);
                    lock(&watched).contains(uri) && peer.notify_resource_updated(changed).await.is_ok()
                }
                Listener::Subscription(sink) => sink.notify_resource_updated(uri).await.is_ok(),
            };
            told += usize::from(has_heard);
        }
        told
    }

    fn listeners(&self) -> Vec<Listener> {
        lock(&self.listeners).values().cloned().collect()
    }
}

/// The lock, even if its last holder panicked.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
