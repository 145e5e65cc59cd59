//! Rate limits over gRPC. Source: envoy/service/ratelimit/v3/rls.proto.

use super::answer::{Counted, answer};
use super::rule::Rule;
use crate::mock::grpc::{Call, unary};
use axum::Router;
use envoy_types::pb::envoy::extensions::common::ratelimit::v3::RateLimitDescriptor;
use envoy_types::pb::envoy::service::ratelimit::v3::{RateLimitRequest, RateLimitResponse};
use tonic::Status;

/// How many descriptors a request may have.
const MOST_DESCRIPTORS: usize = 256;

/// The method that is served.
pub(in crate::mock) fn router() -> Router {
    Router::new().route("/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit", unary(should_limit))
}

fn should_limit(call: &Call, request: RateLimitRequest) -> Result<RateLimitResponse, Status> {
    if request.domain.is_empty() {
        return Err(Status::invalid_argument("rate limit domain must not be empty"));
    }
    if request.descriptors.is_empty() || request.descriptors.len() > MOST_DESCRIPTORS {
        return Err(Status::invalid_argument(format!("there must be 1 to {MOST_DESCRIPTORS} rate limit descriptors")));
    }
    let descriptors = request.descriptors.iter();
    let counted: Vec<Option<Counted>> = descriptors.map(|descriptor| count(call, &request, descriptor)).collect();
    Ok(answer(&counted))
}

/// Counts the hits of a descriptor, unless it is not limited.
fn count(call: &Call, request: &RateLimitRequest, descriptor: &RateLimitDescriptor) -> Option<Counted> {
    let rule = Rule::of(&call.cue.orders, &request.domain, descriptor)?;
    let hits = hits(request, descriptor);
    let name = name(&request.domain, descriptor);
    let window = call.cue.counters.hit(&call.cue.lane, &name, rule.length(), hits);
    Some(Counted { rule, window })
}

/// How many hits a descriptor adds: its own number, which may be none, or else that of the request, where none means one.
fn hits(request: &RateLimitRequest, descriptor: &RateLimitDescriptor) -> i64 {
    let own = descriptor.hits_addend.as_ref().map(|own| own.value);
    let hits = own.unwrap_or_else(|| u64::from(request.hits_addend.max(1)));
    let hits = i64::try_from(hits).unwrap_or(i64::MAX);
    if descriptor.is_negative_hits { -hits } else { hits }
}

/// The name of a descriptor's window. Lengths keep names apart whose texts are alike.
fn name(domain: &str, descriptor: &RateLimitDescriptor) -> String {
    let texts = descriptor.entries.iter().flat_map(|entry| [&entry.key, &entry.value]);
    let texts: String = texts.map(|text| format!("{}:{text}", text.len())).collect();
    format!("{}:{domain}{texts}", domain.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use envoy_types::pb::google::protobuf::UInt64Value;

    #[test]
    fn a_descriptor_without_hits_of_its_own_adds_those_of_the_request_or_one() {
        let request = |hits_addend| RateLimitRequest { hits_addend, ..RateLimitRequest::default() };
        let own = |value| RateLimitDescriptor { hits_addend: Some(UInt64Value { value }), ..Default::default() };
        let none = RateLimitDescriptor::default();
        assert_eq!((hits(&request(0), &none), hits(&request(5), &none)), (1, 5));
        assert_eq!((hits(&request(5), &own(0)), hits(&request(5), &own(15))), (0, 15));
        let back = RateLimitDescriptor { is_negative_hits: true, ..own(3) };
        assert_eq!(hits(&request(5), &back), -3);
    }
}
