//! How long an answer waits before each of its events.

use crate::exchange::{Cadence, Distribution};
use crate::mock::behaviours::draw;
use std::time::Duration;

/// The longest wait, in milliseconds.
const LONGEST: f64 = 600_000.0;
/// An exponential delay is at most so many times its average.
const LONGEST_TAIL: f64 = 8.0;

/// The wait before the event at this place, counted from 0.
pub(super) fn wait(cadence: &Cadence, place: u32) -> Duration {
    if place == 0 {
        return milliseconds(cadence.first_token_ms as f64);
    }
    let average = cadence.token_ms as f64;
    let drawn = || draw(cadence.seed, u64::from(place));
    milliseconds(match cadence.distribution {
        Distribution::Fixed => average,
        Distribution::Uniform => average * 2.0 * drawn(),
        Distribution::Exponential => average * (-(1.0 - drawn()).ln()).min(LONGEST_TAIL),
    })
}

fn milliseconds(number: f64) -> Duration {
    Duration::from_secs_f64(number.clamp(0.0, LONGEST) / 1_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_keep_their_average_and_equal_seeds_draw_equal_ones() {
        for distribution in [Distribution::Fixed, Distribution::Uniform, Distribution::Exponential] {
            let cadence = Cadence { first_token_ms: 7, token_ms: 20, distribution, seed: 5 };
            let waits: Vec<f64> = (1..=2_000).map(|place| wait(&cadence, place).as_secs_f64() * 1_000.0).collect();
            let average = waits.iter().sum::<f64>() / 2_000.0;
            assert!((18.5..21.5).contains(&average), "{distribution:?}: {average}");
            assert_eq!(wait(&cadence, 0), Duration::from_millis(7));
            assert_eq!(wait(&cadence, 9), wait(&cadence.clone(), 9));
        }
    }
}
