//! What has been counted in each lane, window by window.

use crate::exchange::Lane;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many windows are known at a time, over all lanes; then all are forgotten.
const MOST_WINDOWS: usize = 10_000;

/// The counters of all lanes; clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct Counters(Arc<Mutex<HashMap<(Lane, String), Counted>>>);

/// One window.
#[derive(Debug, Clone, Copy)]
struct Counted {
    began: Instant,
    length: Duration,
    hits: u64,
}

/// A window after some hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    /// All hits in it.
    pub(super) hits: u64,
    /// How long it goes on.
    pub(super) rest: Duration,
}

impl Counters {
    /// Counts hits in the window of a lane that has this name. A window begins with its first hit, so that it does not
    /// depend on the clock how many hits fit in; a negative number takes hits out again.
    pub(super) fn hit(&self, lane: &Lane, name: &str, length: Duration, hits: i64) -> Window {
        self.hit_at(Instant::now(), (lane.clone(), name.to_owned()), length, hits)
    }

    fn hit_at(&self, now: Instant, key: (Lane, String), length: Duration, hits: i64) -> Window {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= MOST_WINDOWS && !windows.contains_key(&key) {
            windows.retain(|_, window| window.rest(now).is_some());
            if windows.len() >= MOST_WINDOWS {
                windows.clear();
            }
        }
        let fresh = Counted { began: now, length, hits: 0 };
        let window = windows.entry(key).or_insert(fresh);
        if window.length != length || window.rest(now).is_none() {
            *window = fresh;
        }
        window.hits = window.hits.saturating_add_signed(hits);
        Window { hits: window.hits, rest: window.rest(now).unwrap_or_default() }
    }

    /// Begins anew in this lane.
    pub(super) fn forget(&self, lane: &Lane) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|(known, _), _| known != lane);
    }
}

impl Counted {
    /// How long the window goes on; `None` when it is over.
    fn rest(&self, now: Instant) -> Option<Duration> {
        self.length.checked_sub(now.duration_since(self.began)).filter(|rest| !rest.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn a_window_begins_with_its_first_hit_and_ends_after_its_length() {
        let (counters, start) = (Counters::default(), Instant::now());
        let at = |seconds: u64, lane: &str, hits: i64| {
            let now = start + Duration::from_secs(seconds);
            counters.hit_at(now, (Lane::named(lane), "user=u1".to_owned()), MINUTE, hits)
        };
        assert_eq!((at(0, "a", 1).hits, at(1, "a", 1).hits, at(1, "b", 1).hits), (1, 2, 1));
        assert_eq!(at(59, "a", -3), Window { hits: 0, rest: Duration::from_secs(1) });
        assert_eq!((at(60, "a", 1).hits, at(60, "b", 1).hits), (1, 2));
        counters.forget(&Lane::named("a"));
        assert_eq!((at(60, "a", 1).hits, at(60, "b", 1).hits), (1, 3));
    }

    #[test]
    fn names_from_outside_do_not_fill_the_memory() {
        let counters = Counters::default();
        for number in 0..MOST_WINDOWS * 2 {
            counters.hit(&Lane::default(), &number.to_string(), MINUTE, 1);
        }
        assert!(counters.0.lock().unwrap().len() <= MOST_WINDOWS);
    }
}
