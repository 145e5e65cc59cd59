//! The newest things of a kind, as many as may be kept.

use std::collections::VecDeque;

/// How many are kept.
const MOST: usize = 20_000;
/// How many bytes they may take, as JSON.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// The newest things of a kind, oldest dropped first.
#[derive(Debug)]
pub(super) struct Ring<T> {
    items: VecDeque<(usize, T)>,
    bytes: usize,
    dropped: u64,
    last: u64,
}

impl<T> Default for Ring<T> {
    fn default() -> Self {
        Self { items: VecDeque::new(), bytes: 0, dropped: 0, last: 0 }
    }
}

impl<T: serde::Serialize> Ring<T> {
    /// The number of the next one.
    pub(super) fn next(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    /// Keeps one more.
    pub(super) fn add(&mut self, item: T) {
        // What is kept has been read from as many bytes, so it can be written.
        let bytes = serde_json::to_vec(&item).map_or(0, |json| json.len());
        self.bytes += bytes;
        self.items.push_back((bytes, item));
        while (self.items.len() > MOST || self.bytes > MOST_BYTES)
            && let Some((bytes, _)) = self.items.pop_front()
        {
            self.bytes -= bytes;
            self.dropped += 1;
        }
    }

    /// Those that are wanted.
    pub(super) fn found(&self, is_wanted: impl Fn(&T) -> bool) -> impl Iterator<Item = &T> {
        self.items.iter().map(|(_, item)| item).filter(move |item| is_wanted(item))
    }

    /// Forgets those that are not to stay.
    pub(super) fn retain(&mut self, stays: impl Fn(&T) -> bool) {
        self.items.retain(|(_, item)| stays(item));
        self.bytes = self.items.iter().map(|(bytes, _)| bytes).sum();
    }

    /// How many were dropped.
    pub(super) fn dropped(&self) -> u64 {
        self.dropped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_stay_in_their_bounds() {
        let mut ring = Ring::default();
        for number in 0..MOST + 5 {
            ring.add(number);
        }
        assert_eq!((ring.items.len(), ring.dropped(), ring.found(|_| true).next()), (MOST, 5, Some(&5)));
        let mut ring = Ring::default();
        for _ in 0..40 {
            ring.add("x".repeat(1024 * 1024));
            assert!(ring.bytes <= MOST_BYTES);
        }
        ring.retain(|_| false);
        assert_eq!((ring.bytes, ring.items.len()), (0, 0));
    }
}
