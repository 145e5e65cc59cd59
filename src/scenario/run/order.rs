//! The order of a run: random, and the same for the same seed.

use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};

/// Shuffles by a seed.
pub(super) fn shuffled<T>(mut items: Vec<T>, seed: u64) -> Vec<T> {
    items.shuffle(&mut StdRng::seed_from_u64(seed));
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_an_order() {
        let items: Vec<u32> = (0..50).collect();
        assert_eq!(shuffled(items.clone(), 7), shuffled(items.clone(), 7));
        assert_ne!(shuffled(items.clone(), 7), shuffled(items.clone(), 8));
        let mut sorted = shuffled(items.clone(), 7);
        sorted.sort_unstable();
        assert_eq!(sorted, items);
    }
}
