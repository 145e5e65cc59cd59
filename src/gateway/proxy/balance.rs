//! Shares of several backends and endpoints.

use std::sync::atomic::{AtomicU64, Ordering};

/// Step of a Weyl sequence, 2^64 divided by the golden ratio: any run of it is spread evenly, so that even a few dozen
/// requests have the right shares.
const GOLDEN_STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// Chooses among weights without a lock.
#[derive(Debug)]
pub struct Balance {
    position: AtomicU64,
}

impl Balance {
    /// Begins anywhere, so that a table that changes often does not prefer its first backend.
    pub fn new() -> Self {
        Self { position: AtomicU64::new(rand::random()) }
    }

    /// Index of the next one; `None` where all weights are 0.
    pub fn next(&self, weights: impl Iterator<Item = u32> + Clone) -> Option<usize> {
        let total: u64 = weights.clone().map(u64::from).sum();
        if total == 0 {
            return None;
        }
        let position = self.position.fetch_add(GOLDEN_STEP, Ordering::Relaxed);
        let mut point = u64::try_from((u128::from(position) * u128::from(total)) >> 64).unwrap_or(0);
        for (index, weight) in weights.map(u64::from).enumerate() {
            if point < weight {
                return Some(index);
            }
            point -= weight;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn shares_are_right_after_few_requests(weights in prop::collection::vec(0_u32..100, 1..6)) {
            prop_assume!(weights.iter().any(|weight| *weight > 0));
            let (balance, requests) = (Balance::new(), 500);
            let mut hits = vec![0_u32; weights.len()];
            for _ in 0..requests {
                hits[balance.next(weights.iter().copied()).unwrap()] += 1;
            }
            let total: u32 = weights.iter().sum();
            for (weight, hits) in weights.iter().zip(hits) {
                let wanted = f64::from(requests) * f64::from(*weight) / f64::from(total);
                prop_assert!((f64::from(hits) - wanted).abs() <= 8.0, "{hits} of {wanted}");
                prop_assert!(*weight > 0 || hits == 0);
            }
        }
    }
}
