//! What a lane wants in order, and how far it has come with it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a lane wants in order. Clones share how far it has come.
#[derive(Debug, Clone)]
pub(super) struct Script<T>(Option<Arc<Lines<T>>>);

#[derive(Debug)]
struct Lines<T> {
    lines: Vec<T>,
    next: AtomicUsize,
}

impl<T> Default for Script<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Clone> Script<T> {
    /// The script with these lines.
    pub(super) fn of(lines: &[T]) -> Self {
        if lines.is_empty() {
            return Self::default();
        }
        Self(Some(Arc::new(Lines { lines: lines.to_vec(), next: AtomicUsize::new(0) })))
    }

    /// Whether it has no lines at all.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The next line, if there are any; the last one stays.
    pub(super) fn next(&self) -> Option<T> {
        let script = self.0.as_ref()?;
        let place = script.next.fetch_add(1, Ordering::Relaxed);
        script.lines.get(place).or(script.lines.last()).cloned()
    }
}
