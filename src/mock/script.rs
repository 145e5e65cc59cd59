//! The whole answers that a lane wants, and how far it has come with them.

use crate::exchange::{Behaviour, Reply};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The whole answers that a lane wants, in order. Clones share how far it has come.
#[derive(Debug, Clone, Default)]
pub(super) struct Script(Option<Arc<Lines>>);

#[derive(Debug)]
struct Lines {
    replies: Vec<Reply>,
    next: AtomicUsize,
}

impl Script {
    /// The script of a behaviour.
    pub(super) fn of(behaviour: &Behaviour) -> Self {
        if behaviour.replies.is_empty() {
            return Self::default();
        }
        Self(Some(Arc::new(Lines { replies: behaviour.replies.clone(), next: AtomicUsize::new(0) })))
    }

    /// Whether it has no answers at all.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The answer to the next request; the last one stays.
    pub(super) fn next(&self) -> Reply {
        let Some(lines) = &self.0 else { return Reply::default() };
        let place = lines.next.fetch_add(1, Ordering::Relaxed);
        lines.replies.get(place).or(lines.replies.last()).cloned().unwrap_or_default()
    }
}
