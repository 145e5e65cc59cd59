//! One exchange, shared by the log that keeps it and by those that tell how it goes on.

use super::entry::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// An exchange of which several hold a part; telling it something holds up no other exchange.
#[derive(Debug, Clone)]
pub(super) struct Shared(Arc<Mutex<Entry>>);

impl Shared {
    pub(super) fn new(entry: Entry) -> Self {
        Self(Arc::new(Mutex::new(entry)))
    }

    /// The exchange as it is now.
    pub(super) fn lock(&self) -> MutexGuard<'_, Entry> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
