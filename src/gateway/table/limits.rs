//! How much gets through.

use super::{Callee, Cel};
use std::time::Duration;

/// A token bucket: `limit` requests (burst included) at most, refilled with `fill` every `interval`.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct LocalRateLimit {
    /// Identity of the bucket: policy and entry; the state outlives a change of other resources.
    pub key: String,
    /// What is counted.
    pub counts: Counted,
    /// Size of the bucket, rate and burst together.
    pub limit: u64,
    /// What is given back every `interval`.
    pub fill: u64,
    /// `Seconds`, `Minutes` or `Hours`.
    pub interval: Duration,
}

/// What a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Counted {
    /// Requests, before they are served.
    Requests,
    /// Tokens that a model has told of, after the answer.
    Tokens,
}

/// A limit that a service keeps. Source: facts/manifests.md 9.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct GlobalRateLimit {
    /// Domain of the descriptors.
    pub domain: String,
    /// The service; `None`: it is not there.
    pub service: Option<Callee>,
    /// What is counted.
    pub descriptors: Vec<LimitDescriptor>,
    /// Whether requests pass while the service is down.
    pub fail_open: bool,
}

/// One thing that is counted.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct LimitDescriptor {
    /// Name and value, in order.
    pub entries: Vec<(String, Cel)>,
    /// What is counted.
    pub counts: Counted,
}

/// Calls that are made again. Source: facts/manifests.md 3.3.
#[derive(Debug, Clone, Default, PartialEq, Hash)]
pub struct Retry {
    /// Calls beside the first.
    pub attempts: u32,
    /// Pause before each.
    pub backoff: Option<Duration>,
    /// Statuses that are not taken for an answer.
    pub codes: Vec<u16>,
}

/// When a backend is left alone for a while. Source: facts/manifests.md 6.
#[derive(Debug, Clone, Default, PartialEq, Hash)]
pub struct Health {
    /// What counts as a failure; left out: a status of 500 and above, or no answer.
    pub unhealthy: Option<Cel>,
    /// Left out, nothing is ever left alone.
    pub eviction: Option<Eviction>,
}

/// For how long a backend is left alone.
#[derive(Debug, Clone, Default, PartialEq, Hash)]
pub struct Eviction {
    /// The first time; it grows by as much each time.
    pub duration: Option<Duration>,
    /// Failures in a row that it takes.
    pub consecutive_failures: Option<u32>,
}
