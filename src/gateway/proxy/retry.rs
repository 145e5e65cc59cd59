//! Calls that are made again. Source: facts/manifests.md 3.3 and 6.

use super::{body::Body, refusal::Refusal};
use crate::gateway::table::Retry;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, request};
use std::time::Duration;

/// A body that is kept for another call; a longer one is sent once only. Source: agentgateway 1.4.1.
const LARGEST_KEPT: usize = 64 * 1024;
/// Says which try it is, from the second on.
const ATTEMPT: HeaderName = HeaderName::from_static("x-retry-attempt");

/// The tries of one request.
pub struct Tries<'a> {
    policy: Option<&'a Retry>,
    head: request::Parts,
    kept: Option<Bytes>,
    next: Option<Body>,
    made: u32,
}

impl<'a> Tries<'a> {
    /// Of a request; its body is read ahead if there may be more than one.
    pub async fn of(policy: Option<&'a Retry>, head: request::Parts, body: Body) -> Self {
        let Some(policy) = policy.filter(|policy| policy.attempts > 0) else {
            return Self { policy: None, head, kept: None, next: Some(body), made: 0 };
        };
        match body.read_ahead(LARGEST_KEPT).await {
            Ok(kept) => Self { policy: Some(policy), head, next: Some(kept.clone().into()), kept: Some(kept), made: 0 },
            Err(body) => Self { policy: None, head, kept: None, next: Some(body), made: 0 },
        }
    }

    /// The next try.
    pub fn next(&mut self) -> (request::Parts, Body) {
        let mut head = self.head.clone();
        if self.made > 0 {
            head.headers.insert(ATTEMPT, HeaderValue::from(self.made));
        }
        self.made += 1;
        let body = self.next.take().or_else(|| self.kept.clone().map(Body::from)).unwrap_or_else(Body::empty);
        (head, body)
    }

    /// Tries beside the first so far.
    pub fn repeated(&self) -> u32 {
        self.made.saturating_sub(1)
    }

    /// Whether the try that is under way is followed by another one at once if it fails.
    pub fn repeats_at_once(&self) -> bool {
        self.policy.is_some_and(|policy| policy.backoff.is_none() && self.made <= policy.attempts)
    }

    /// The time until another try, if there is one after this result.
    pub fn next_in(&self, result: &Result<Response<Body>, Refusal>) -> Option<Duration> {
        let policy = self.policy.filter(|policy| self.made <= policy.attempts)?;
        let failed = match result {
            Ok(response) => policy.codes.contains(&response.status().as_u16()),
            Err(refusal) => refusal.may_pass(),
        };
        failed.then(|| policy.backoff.unwrap_or_default())
    }
}
