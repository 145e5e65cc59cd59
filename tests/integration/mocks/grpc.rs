//! Calls that are not as they should be: the statuses of the specification.

use super::channel::{GRPC, messages, raw, recorded};
use super::stand::{Stand, fault};
use agw_sandbox::exchange::{ErrorEvent, Fault, Malformed, Moment, Outcome};
use agw_sandbox::wire::grpc::framed;
use envoy_types::pb::envoy::extensions::common::ratelimit::v3::RateLimitDescriptor;
use envoy_types::pb::envoy::service::ratelimit::v3::RateLimitRequest;
use flate2::{Compression, write::GzEncoder};
use prost::Message;
use std::io::Write;
use tonic::Code;

const LIMIT: &str = "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit";
const PROCESS: &str = "/envoy.service.ext_proc.v3.ExternalProcessor/Process";

fn asked() -> Vec<u8> {
    let descriptors = vec![RateLimitDescriptor::default()];
    RateLimitRequest { domain: "demo".to_owned(), descriptors, hits_addend: 0 }.encode_to_vec()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A frame whose message is said to be compressed.
fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut frame = framed(bytes).to_vec();
    frame[0] = 1;
    frame
}

#[tokio::test]
async fn what_is_wrong_with_a_call_has_the_status_of_the_specification() {
    let stand = Stand::start().await;
    let good = framed(&asked()).to_vec();
    let huge = gzip(&vec![0; 5 * 1024 * 1024]);
    let twice = [good.clone(), good.clone()].concat();
    let cases: [(&str, &str, Vec<u8>, Code); 12] = [
        ("a good call", LIMIT, good.clone(), Code::Ok),
        ("an unknown method", "/envoy.service.ratelimit.v3.RateLimitService/Ask", good.clone(), Code::Unimplemented),
        ("an unknown service", "/a.B/C", good.clone(), Code::Unimplemented),
        ("no message", LIMIT, vec![], Code::Unimplemented),
        ("two messages", LIMIT, twice, Code::Unimplemented),
        ("a message without its end", LIMIT, good[..good.len() - 1].to_vec(), Code::Internal),
        ("a head without its end", LIMIT, good[..3].to_vec(), Code::Internal),
        ("a wrong flag", LIMIT, [&[7], &good[1..]].concat(), Code::Internal),
        ("no protocol buffers", LIMIT, framed(&[0xff; 8]).to_vec(), Code::Internal),
        ("a message that is too long", LIMIT, vec![0, 0x7f, 0xff, 0xff, 0xff, 0], Code::ResourceExhausted),
        ("compressed without an encoding", LIMIT, compressed(&gzip(&asked())), Code::Internal),
        ("a broken frame in a stream", PROCESS, vec![9, 0, 0, 0, 0], Code::Internal),
    ];
    for (what, path, body, code) in cases {
        let mock = if path == PROCESS { "ext-proc" } else { "rate-limit" };
        let found = raw(&stand, mock, path, &[GRPC], &body).await;
        assert_eq!((found.status, Code::from_i32(found.code().into())), (200, code), "{what}");
        assert_eq!(found.messages.len(), usize::from(code == Code::Ok), "{what}");
    }
    for (what, encoding, body, code) in [
        ("gzip", "gzip", compressed(&gzip(&asked())), Code::Ok),
        ("not compressed after all", "gzip", good.clone(), Code::Ok),
        ("no gzip", "gzip", compressed(b"abc"), Code::Internal),
        ("too long when unpacked", "gzip", compressed(&huge), Code::ResourceExhausted),
        ("an unknown encoding", "snappy", compressed(b"abc"), Code::Unimplemented),
    ] {
        let found = raw(&stand, "rate-limit", LIMIT, &[GRPC, ("grpc-encoding", encoding)], &body).await;
        assert_eq!(Code::from_i32(found.code().into()), code, "{what}");
        assert_eq!(found.headers["grpc-accept-encoding"], "identity,gzip");
    }
}

#[tokio::test]
async fn what_is_no_call_is_answered_in_http() {
    let stand = Stand::start().await;
    for (content_type, status) in
        [("application/json", 415), ("application/grpc-web", 415), ("application/grpc+proto", 200)]
    {
        let found = raw(&stand, "rate-limit", LIMIT, &[("content-type", content_type)], &framed(&asked())).await;
        assert_eq!(found.status, status, "{content_type}");
    }
    let old = stand.request("rate-limit", reqwest::Method::POST, LIMIT).header(GRPC.0, GRPC.1).send().await.unwrap();
    assert_eq!(old.status(), 505);
}

#[tokio::test]
async fn faults_speak_grpc() {
    let stand = Stand::start().await;
    let call = async |fault: Fault| {
        stand.behave("bad", "rate-limit", None, vec![fault]).await;
        raw(&stand, "rate-limit", LIMIT, &[GRPC, ("x-agw-lane", "bad")], &framed(&asked())).await
    };
    for (status, code) in [(401, 16), (403, 7), (429, 8), (500, 13), (503, 14), (504, 4)] {
        let found = call(Fault { status: Some(status), ..fault() }).await;
        assert_eq!((found.status, found.code(), found.messages.len()), (200, code, 0));
    }
    let late = call(Fault { error_event: Some(ErrorEvent { after_events: 1, status: Some(503) }), ..fault() }).await;
    assert_eq!((late.messages.len(), late.code()), (1, 14));
    let slow = call(Fault { drip: serde_yaml::from_str("{bytes: 3, everyMs: 1}").unwrap(), ..fault() }).await;
    assert_eq!((slow.messages.len(), slow.code()), (1, 0), "the trailers come behind a body that is played");
    let other = call(Fault { trailers: vec![("grpc-status".to_owned(), "2".to_owned())], ..fault() }).await;
    assert_eq!((other.messages.len(), other.code()), (1, 2));
    let long = call(Fault { malformed: Some(Malformed::Length), ..fault() }).await;
    assert_eq!((long.messages.len(), long.code()), (0, 0), "the length is beyond what a decoder takes");
    let cut = call(Fault { truncate: Some(Moment::AfterBytes(3)), ..fault() }).await;
    assert!(cut.messages.is_empty() && cut.trailers.is_empty());
    let page = call(Fault { html: true, ..fault() }).await;
    assert_eq!((page.status, page.headers["content-type"].to_str().unwrap()), (502, "text/html"));
    // A fault answers in place of the mock, and yet what was asked is recorded.
    let exchanges = recorded(&stand, "bad", "rate-limit", 12).await;
    for exchange in &exchanges {
        assert_eq!(messages(&exchange.received.body)[0]["domain"], "demo", "{exchange:#?}");
    }
    assert_eq!(exchanges[0].sent.as_ref().unwrap().grpc_status(), Some("16"));
    assert_eq!(exchanges[6].sent.as_ref().unwrap().trailers[0], ("grpc-status".to_owned(), "14".to_owned()));
}

#[tokio::test]
async fn a_stream_that_is_broken_off_disturbs_no_other() {
    let stand = Stand::start().await;
    stand.behave("cut", "rate-limit", None, vec![Fault { cut: Some(Moment::BeforeHeaders), ..fault() }]).await;
    let url = format!("{}{LIMIT}", stand.mocks.endpoint("rate-limit").unwrap().base_url);
    let client = reqwest::Client::builder().tls_certs_only([]).no_proxy().http2_prior_knowledge().build().unwrap();
    let call = client.post(url).header(GRPC.0, GRPC.1).header("x-agw-lane", "cut").body(framed(&asked()));
    assert!(call.send().await.is_err());
    assert_eq!(recorded(&stand, "cut", "rate-limit", 1).await[0].outcome, Outcome::CutByUs);
    assert_eq!(raw(&stand, "rate-limit", LIMIT, &[GRPC], &framed(&asked())).await.code(), 0);
}
