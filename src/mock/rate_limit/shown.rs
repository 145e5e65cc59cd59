//! What was asked and said, as JSON.

use crate::mock::envoy::{header_list, json_of, pruned, said};
use crate::mock::recorder::Seen;
use envoy_types::pb::envoy::extensions::common::ratelimit::v3::RateLimitDescriptor;
use envoy_types::pb::envoy::service::ratelimit::v3::rate_limit_response::DescriptorStatus;
use envoy_types::pb::envoy::service::ratelimit::v3::{RateLimitRequest, RateLimitResponse};
use serde_json::{Value, json};

/// What the rate limit service says, as JSON.
pub fn shown_limit(answer: &RateLimitResponse) -> Value {
    pruned(response(answer))
}

/// The messages of a call.
pub(in crate::mock) fn shown(seen: Seen<'_>) -> Option<String> {
    if seen.is_answer { said(seen, response) } else { said(seen, request) }
}

fn request(request: &RateLimitRequest) -> Value {
    let descriptors: Vec<Value> = request.descriptors.iter().map(descriptor).collect();
    json!({ "domain": request.domain, "descriptors": descriptors, "hitsAddend": request.hits_addend })
}

fn descriptor(descriptor: &RateLimitDescriptor) -> Value {
    let entries = descriptor.entries.iter().map(|entry| json!({ "key": entry.key, "value": entry.value }));
    let limit = descriptor.limit.as_ref();
    json!({
        "entries": entries.collect::<Vec<_>>(),
        "limit": limit.map(|own| json!({ "requestsPerUnit": own.requests_per_unit, "unit": own.unit().as_str_name() })),
        // A wrapped number is told even when it is none.
        "hitsAddend": descriptor.hits_addend.as_ref().map(|own| own.value.to_string()),
        "isNegativeHits": descriptor.is_negative_hits,
    })
}

fn response(response: &RateLimitResponse) -> Value {
    json!({
        "overallCode": response.overall_code().as_str_name(),
        "statuses": response.statuses.iter().map(status).collect::<Vec<_>>(),
        "responseHeadersToAdd": header_list(&response.response_headers_to_add),
        "requestHeadersToAdd": header_list(&response.request_headers_to_add),
        "rawBody": String::from_utf8_lossy(&response.raw_body),
        "dynamicMetadata": response.dynamic_metadata.as_ref().map(json_of),
    })
}

fn status(status: &DescriptorStatus) -> Value {
    let limit = status.current_limit.as_ref();
    json!({
        "code": status.code().as_str_name(),
        "currentLimit": limit.map(|limit| {
            json!({ "requestsPerUnit": limit.requests_per_unit, "unit": limit.unit().as_str_name() })
        }),
        "limitRemaining": status.limit_remaining,
        "durationUntilReset": status.duration_until_reset.as_ref().map(|rest| format!("{}s", rest.seconds)),
    })
}
