//! What is said of the windows of a request.

use super::rule::Rule;
use crate::mock::counters::Window;
use envoy_types::pb::envoy::config::core::v3::HeaderValue;
use envoy_types::pb::envoy::service::ratelimit::v3::RateLimitResponse;
use envoy_types::pb::envoy::service::ratelimit::v3::rate_limit_response::{Code, DescriptorStatus, RateLimit};
use envoy_types::pb::google::protobuf::Duration;

/// A descriptor after it has been counted.
#[derive(Debug)]
pub(super) struct Counted {
    /// Its rule.
    pub(super) rule: Rule,
    /// Its window.
    pub(super) window: Window,
}

impl Counted {
    fn is_over(&self) -> bool {
        self.window.hits > u64::from(self.rule.hits)
    }

    fn remaining(&self) -> u32 {
        // A window that is over has none; what is left of 32 bits fits.
        u64::from(self.rule.hits).saturating_sub(self.window.hits) as u32
    }

    /// Seconds until the window ends, begun ones counted.
    fn reset(&self) -> u64 {
        self.window.rest.as_secs() + u64::from(self.window.rest.subsec_nanos() > 0)
    }

    fn status(&self) -> DescriptorStatus {
        let rule = &self.rule;
        DescriptorStatus {
            code: if self.is_over() { Code::OverLimit } else { Code::Ok }.into(),
            current_limit: Some(RateLimit {
                name: String::new(),
                requests_per_unit: rule.hits,
                unit: rule.unit.into(),
            }),
            limit_remaining: self.remaining(),
            // A window is at most a year long.
            duration_until_reset: Some(Duration { seconds: self.reset() as i64, nanos: 0 }),
            quota: None,
        }
    }
}

/// The answer to a request with these descriptors; those without a limit are OK.
pub(super) fn answer(counted: &[Option<Counted>]) -> RateLimitResponse {
    let is_over = counted.iter().flatten().any(Counted::is_over);
    let unlimited = || DescriptorStatus { code: Code::Ok.into(), ..DescriptorStatus::default() };
    let statuses = counted.iter().map(|counted| counted.as_ref().map_or_else(unlimited, Counted::status)).collect();
    // The headers tell of the descriptor that has the least left.
    let nearest = counted.iter().flatten().min_by_key(|counted| (!counted.is_over(), counted.remaining()));
    let body = nearest.filter(|_| is_over).map(|counted| counted.rule.body.clone()).unwrap_or_default();
    RateLimitResponse {
        overall_code: if is_over { Code::OverLimit } else { Code::Ok }.into(),
        statuses,
        response_headers_to_add: nearest.map(headers).unwrap_or_default(),
        raw_body: body.into_bytes(),
        ..RateLimitResponse::default()
    }
}

/// Source of the names: Envoy's reference service, `LIMIT_LIMIT_HEADER` and its two sisters.
fn headers(counted: &Counted) -> Vec<HeaderValue> {
    let header =
        |key: &str, value: u64| HeaderValue { key: key.to_owned(), value: value.to_string(), ..HeaderValue::default() };
    vec![
        header("ratelimit-limit", counted.rule.hits.into()),
        header("ratelimit-remaining", counted.remaining().into()),
        header("ratelimit-reset", counted.reset()),
    ]
}
