//! Local rate limits: token buckets that outlive the tables that name them. Source: facts/manifests.md 3.1.

use super::refusal::Refusal;
use crate::gateway::table::LocalRateLimit;
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// What is left of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Size of the bucket.
    pub limit: u64,
    /// What is in it.
    pub remaining: u64,
    /// Seconds until something is given back.
    pub reset: u64,
}

/// All buckets, by the key of their policy.
#[derive(Debug, Clone, Default)]
pub struct Buckets {
    buckets: Arc<Mutex<HashMap<String, Bucket>>>,
}

#[derive(Debug)]
struct Bucket {
    limit: u64,
    left: u64,
    next_fill: Instant,
}

impl Buckets {
    /// Takes one request out of the bucket of a limit, or refuses.
    pub fn take(&self, limit: &LocalRateLimit, now: Instant) -> Result<Allowance, Refusal> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        match buckets.get_mut(&limit.key) {
            Some(bucket) if bucket.limit == limit.limit => bucket.take(limit, now),
            _ => {
                let mut bucket = Bucket::full(limit, now);
                let taken = bucket.take(limit, now);
                buckets.insert(limit.key.clone(), bucket);
                taken
            }
        }
    }

    /// Refuses where a bucket is empty, and takes nothing.
    pub fn look(&self, limit: &LocalRateLimit, now: Instant) -> Result<(), Refusal> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.entry(limit.key.clone()).or_insert_with(|| Bucket::full(limit, now));
        bucket.fill(limit, now);
        if bucket.left == 0 { Err(bucket.empty(limit, now)) } else { Ok(()) }
    }

    /// Takes so much out of a bucket, all of it where there is less.
    pub fn charge(&self, limit: &LocalRateLimit, amount: u64, now: Instant) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.entry(limit.key.clone()).or_insert_with(|| Bucket::full(limit, now));
        bucket.fill(limit, now);
        bucket.left = bucket.left.saturating_sub(amount);
    }

    /// Forgets the buckets that no policy names any more.
    pub fn keep_only<'k>(&self, keys: impl Iterator<Item = &'k str>) {
        let keys: HashSet<&str> = keys.collect();
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner).retain(|key, _| keys.contains(key.as_str()));
    }
}

impl Bucket {
    fn full(limit: &LocalRateLimit, now: Instant) -> Self {
        Self { limit: limit.limit, left: limit.limit, next_fill: now + limit.interval }
    }

    fn empty(&self, limit: &LocalRateLimit, now: Instant) -> Refusal {
        Refusal::RateLimited { limit: limit.limit, reset: self.reset(now) }
    }

    fn reset(&self, now: Instant) -> u64 {
        self.next_fill.saturating_duration_since(now).as_secs()
    }

    fn take(&mut self, limit: &LocalRateLimit, now: Instant) -> Result<Allowance, Refusal> {
        self.fill(limit, now);
        match self.left.checked_sub(1) {
            Some(left) => self.left = left,
            None => return Err(self.empty(limit, now)),
        }
        Ok(Allowance { limit: limit.limit, remaining: self.left, reset: self.reset(now) })
    }

    fn fill(&mut self, limit: &LocalRateLimit, now: Instant) {
        let Some(late) = now.checked_duration_since(self.next_fill) else { return };
        let interval = limit.interval.max(Duration::from_millis(1));
        let fills = late.as_nanos() / interval.as_nanos() + 1;
        let fills = u32::try_from(fills).unwrap_or(u32::MAX);
        self.left = self.left.saturating_add(limit.fill.saturating_mul(u64::from(fills))).min(limit.limit);
        self.next_fill =
            interval.checked_mul(fills).and_then(|passed| self.next_fill.checked_add(passed)).unwrap_or(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::table::Counted;
    use proptest::prelude::*;

    fn two_a_minute() -> LocalRateLimit {
        LocalRateLimit {
            key: "p/0".into(),
            counts: Counted::Requests,
            limit: 2,
            fill: 2,
            interval: Duration::from_secs(60),
        }
    }

    #[test]
    fn the_third_of_two_is_refused_until_the_minute_is_over() {
        let (buckets, limit, start) = (Buckets::default(), two_a_minute(), Instant::now());
        let at = |seconds| buckets.take(&limit, start + Duration::from_secs(seconds));
        assert!(at(0).is_ok() && at(1).is_ok());
        assert!(matches!(at(4), Err(Refusal::RateLimited { limit: 2, reset: 56 })));
        buckets.keep_only(["p/0"].into_iter());
        assert!(at(59).is_err(), "a new table does not fill the bucket");
        assert!(at(60).is_ok() && at(61).is_ok() && at(62).is_err());
        buckets.keep_only(std::iter::empty());
        assert!(at(63).is_ok(), "a policy that went and came begins anew");
    }

    #[test]
    fn what_is_charged_afterwards_may_overdraw_once() {
        let (buckets, now) = (Buckets::default(), Instant::now());
        let limit = LocalRateLimit { counts: Counted::Tokens, limit: 20, ..two_a_minute() };
        for _ in 0..2 {
            assert!(buckets.look(&limit, now).is_ok());
            buckets.charge(&limit, 15, now);
        }
        assert!(matches!(buckets.look(&limit, now), Err(Refusal::RateLimited { limit: 20, .. })));
    }

    proptest! {
        #[test]
        fn no_window_lets_more_pass_than_bucket_and_fills(
            (limit, fill) in (1_u64..6).prop_flat_map(|limit| (Just(limit), 1..=limit)),
            steps in prop::collection::vec(0_u64..30, 1..60),
        ) {
            let policy = LocalRateLimit {
                key: "k".into(),
                counts: Counted::Requests,
                limit,
                fill,
                interval: Duration::from_secs(10),
            };
            let (buckets, start) = (Buckets::default(), Instant::now());
            let (mut seconds, mut passed) = (0, 0);
            for step in steps {
                seconds += step;
                passed += u64::from(buckets.take(&policy, start + Duration::from_secs(seconds)).is_ok());
                prop_assert!(passed <= limit + fill * (seconds / 10));
            }
        }
    }
}
