//! Limits that a service keeps. Source: facts/manifests.md 9 and envoy/service/ratelimit/v3/rls.proto.

use super::grpc;
use crate::gateway::{
    proxy::{body::Body, refusal::Refusal, scope::Scope, shared::Shared},
    table::{Counted, GlobalRateLimit, LimitDescriptor},
};
use envoy_types::pb::{
    envoy::{
        extensions::common::ratelimit::v3::{RateLimitDescriptor, rate_limit_descriptor::Entry},
        service::ratelimit::v3::{
            RateLimitRequest, RateLimitResponse, rate_limit_response::Code,
            rate_limit_service_client::RateLimitServiceClient,
        },
    },
    google::protobuf::UInt64Value,
};
use http::{HeaderName, HeaderValue, Response, StatusCode, request};
use tonic::transport::Channel;

/// Lets a request pass or not, by the descriptors that count requests.
pub async fn check(shared: &Shared, limit: &GlobalRateLimit, request: &request::Parts) -> Result<(), Refusal> {
    let descriptors = descriptors(limit, Counted::Requests, request, None);
    ask(shared, limit, descriptors).await.map(drop)
}

/// Tells the service of the tokens that an answer has cost.
pub struct TokenReport {
    channel: Channel,
    domain: String,
    descriptors: Vec<RateLimitDescriptor>,
}

impl TokenReport {
    /// Asks about the descriptors that count tokens, before any is known. `None` where there are none, or nobody to tell.
    pub async fn begin(
        shared: &Shared,
        limit: &GlobalRateLimit,
        request: &request::Parts,
    ) -> Result<Option<Self>, Refusal> {
        let descriptors = descriptors(limit, Counted::Tokens, request, Some(0));
        let channel = ask(shared, limit, descriptors.clone()).await?;
        Ok(channel.map(|channel| Self { channel, domain: limit.domain.clone(), descriptors }))
    }

    /// Tells it, without anybody waiting.
    pub fn tell(self, tokens: u64) {
        let Self { channel, domain, mut descriptors } = self;
        for descriptor in &mut descriptors {
            descriptor.hits_addend = Some(UInt64Value { value: tokens });
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        // It ends with its deadline at the latest.
        runtime.spawn(async move {
            let request = RateLimitRequest { domain, descriptors, hits_addend: 0 };
            let call = RateLimitServiceClient::new(channel);
            let _ = tokio::time::timeout(grpc::DEADLINE, { call }.should_rate_limit(request)).await;
        });
    }
}

/// Descriptors whose values are all known; a descriptor that lacks one is not asked about.
fn descriptors(
    limit: &GlobalRateLimit,
    counts: Counted,
    request: &request::Parts,
    hits: Option<u64>,
) -> Vec<RateLimitDescriptor> {
    let wanted: Vec<&LimitDescriptor> =
        limit.descriptors.iter().filter(|descriptor| descriptor.counts == counts).collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let scope = Scope::of(request, None);
    let entries = |descriptor: &LimitDescriptor| {
        let entries = descriptor.entries.iter();
        entries
            .map(|(key, value)| Some(Entry { key: key.clone(), value: scope.text(value)? }))
            .collect::<Option<Vec<_>>>()
    };
    let made = wanted.into_iter().filter_map(entries).filter(|entries| !entries.is_empty());
    let hits_addend = hits.map(|value| UInt64Value { value });
    made.map(|entries| RateLimitDescriptor { entries, hits_addend, ..RateLimitDescriptor::default() }).collect()
}

/// Asks the service, unless there is nothing to ask. Gives the connection.
async fn ask(
    shared: &Shared,
    limit: &GlobalRateLimit,
    descriptors: Vec<RateLimitDescriptor>,
) -> Result<Option<Channel>, Refusal> {
    if descriptors.is_empty() {
        return Ok(None);
    }
    let failed = || if limit.fail_open { Ok(None) } else { Err(Refusal::RateLimitFailed) };
    let Some(channel) = grpc::connect(shared, limit.service.as_ref()).await else { return failed() };
    let request = RateLimitRequest { domain: limit.domain.clone(), descriptors, hits_addend: 0 };
    let mut client = RateLimitServiceClient::new(channel.clone());
    match client.should_rate_limit(request).await {
        Err(_) => failed(),
        Ok(answer) => match answer.into_inner() {
            answer if answer.overall_code == Code::OverLimit as i32 => Err(over(&answer)),
            _ => Ok(Some(channel)),
        },
    }
}

/// The answer is what the service says: no text and no headers of our own.
fn over(answer: &RateLimitResponse) -> Refusal {
    let mut response = Response::new(Body::from(answer.raw_body.clone()));
    *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    for header in &answer.response_headers_to_add {
        if let (Ok(name), Ok(value)) = (header.key.parse::<HeaderName>(), HeaderValue::from_str(&header.value)) {
            response.headers_mut().append(name, value);
        }
    }
    Refusal::Direct(Box::new(response))
}
