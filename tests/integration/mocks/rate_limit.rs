//! The rate limit service, with the client that is generated from Envoy's API.

use super::channel::{channel, messages, order, recorded, to};
use super::stand::Stand;
use agw_sandbox::exchange::Lane;
use envoy_types::pb::envoy::extensions::common::ratelimit::v3::RateLimitDescriptor;
use envoy_types::pb::envoy::extensions::common::ratelimit::v3::rate_limit_descriptor::{Entry, RateLimitOverride};
use envoy_types::pb::envoy::service::ratelimit::v3::rate_limit_response::Code;
use envoy_types::pb::envoy::service::ratelimit::v3::rate_limit_service_client::RateLimitServiceClient;
use envoy_types::pb::envoy::service::ratelimit::v3::{RateLimitRequest, RateLimitResponse};
use envoy_types::pb::envoy::r#type::v3::RateLimitUnit;
use envoy_types::pb::google::protobuf::UInt64Value;
use tonic::transport::Channel;

type Client = RateLimitServiceClient<Channel>;

fn descriptor(key: &str, value: &str) -> RateLimitDescriptor {
    let entries = vec![Entry { key: key.to_owned(), value: value.to_owned() }];
    RateLimitDescriptor { entries, ..Default::default() }
}

async fn hit(
    client: &mut Client,
    lane: &str,
    hits_addend: u32,
    descriptors: &[RateLimitDescriptor],
) -> RateLimitResponse {
    let request = RateLimitRequest { domain: "demo".to_owned(), descriptors: descriptors.to_vec(), hits_addend };
    client.should_rate_limit(to(lane, request)).await.unwrap().into_inner()
}

fn header<'a>(response: &'a RateLimitResponse, name: &str) -> &'a str {
    let found = response.response_headers_to_add.iter().find(|header| header.key == name);
    found.map_or("", |header| header.value.as_str())
}

#[tokio::test]
async fn limits_of_a_lane_count_each_descriptor_apart() {
    let stand = Stand::start().await;
    let limits = "limits:
- {descriptor: [{key: user, value: admin}], hits: 1000, per: hour}
- {domain: demo, descriptor: [{key: user}], hits: 2, per: minute, body: slow down}";
    order(&stand, "limits", "rate-limit", limits).await;
    let mut client = RateLimitServiceClient::new(channel(&stand, "rate-limit").await);
    let alice = [descriptor("user", "alice")];
    let first = hit(&mut client, "limits", 0, &alice).await;
    let status = &first.statuses[0];
    assert_eq!((first.overall_code(), status.limit_remaining), (Code::Ok, 1));
    assert_eq!(status.current_limit.as_ref().unwrap().requests_per_unit, 2);
    assert_eq!((header(&first, "ratelimit-limit"), header(&first, "ratelimit-remaining")), ("2", "1"));
    assert_eq!(status.duration_until_reset.as_ref().unwrap().seconds, 60);
    assert_eq!(hit(&mut client, "limits", 1, &alice).await.overall_code(), Code::Ok);
    let third = hit(&mut client, "limits", 1, &alice).await;
    assert_eq!((third.overall_code(), third.raw_body.as_slice()), (Code::OverLimit, b"slow down".as_slice()));
    // Other values, other windows; a descriptor that no limit fits is not limited.
    for free in [descriptor("user", "bob"), descriptor("user", "admin"), descriptor("path", "/")] {
        assert_eq!(hit(&mut client, "limits", 1, &[free]).await.overall_code(), Code::Ok);
    }
    // One descriptor over its limit is enough.
    let both = hit(&mut client, "limits", 1, &[descriptor("path", "/"), alice[0].clone()]).await;
    let codes: Vec<Code> = both.statuses.iter().map(|status| status.code()).collect();
    assert_eq!((both.overall_code(), codes), (Code::OverLimit, vec![Code::Ok, Code::OverLimit]));
    assert_eq!(hit(&mut client, "other", 1, &alice).await.overall_code(), Code::Ok);
    let exchange = recorded(&stand, "limits", "rate-limit", 7).await.remove(2);
    assert_eq!(messages(&exchange.received.body)[0]["descriptors"][0]["entries"][0]["value"], "alice");
    assert_eq!(messages(&exchange.sent.unwrap().body)[0]["overallCode"], "OVER_LIMIT");
    stand.admin.forget(&Lane::named("limits")).await.unwrap();
    assert_eq!(hit(&mut client, "limits", 1, &alice).await.overall_code(), Code::Ok);
}

#[tokio::test]
async fn hits_come_from_the_request_or_from_the_descriptor() {
    let stand = Stand::start().await;
    let mut client = RateLimitServiceClient::new(channel(&stand, "rate-limit").await);
    let with =
        |hits: u64| RateLimitDescriptor { hits_addend: Some(UInt64Value { value: hits }), ..descriptor("u", "1") };
    // Without limits of the lane there are ten hits in a minute. As agentgateway counts tokens: none before, all after.
    let left =
        async |client: &mut Client, hits| hit(client, "hits", 0, &[with(hits)]).await.statuses[0].limit_remaining;
    assert_eq!((left(&mut client, 0).await, left(&mut client, 15).await), (10, 0));
    assert_eq!(hit(&mut client, "hits", 0, &[with(0)]).await.overall_code(), Code::OverLimit);
    let own = RateLimitDescriptor {
        limit: Some(RateLimitOverride { requests_per_unit: 3, unit: RateLimitUnit::Day.into() }),
        ..descriptor("own", "1")
    };
    assert_eq!(hit(&mut client, "hits", 4, &[own]).await.overall_code(), Code::OverLimit);
    let empty = client.should_rate_limit(to("hits", RateLimitRequest::default())).await.unwrap_err();
    assert_eq!(empty.code(), tonic::Code::InvalidArgument);
}
