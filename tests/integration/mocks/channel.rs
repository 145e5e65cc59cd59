//! Generated clients of gRPC services, and calls that no client makes.

use super::stand::{PATIENCE, Stand};
use agw_sandbox::exchange::{Behaviour, Exchange, Lane};
use agw_sandbox::wire::grpc::Decoder;
use bytes::Bytes;
use http::{HeaderMap, Request, Version};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use tonic::transport::{Channel, Endpoint};

/// A connection to a mock.
pub async fn channel(stand: &Stand, mock: &str) -> Channel {
    let url = stand.mocks.endpoint(mock).unwrap().base_url.clone();
    Endpoint::from_shared(url).unwrap().timeout(PATIENCE).connect().await.unwrap()
}

/// A message that goes to a lane.
pub fn to<M>(lane: &str, message: M) -> tonic::Request<M> {
    let mut request = tonic::Request::new(message);
    request.metadata_mut().insert("x-agw-lane", lane.parse().unwrap());
    request
}

/// The behaviour in this YAML.
pub async fn order(stand: &Stand, lane: &str, mock: &str, yaml: &str) {
    let behaviour: Behaviour = serde_yaml::from_str(yaml).unwrap();
    stand.admin.behave(&Lane::named(lane), mock, &behaviour).await.unwrap();
}

/// What a mock recorded of a lane, once so many exchanges have ended.
pub async fn recorded(stand: &Stand, lane: &str, mock: &str, count: usize) -> Vec<Exchange> {
    let exchanges = stand.admin.wait_for(&Lane::named(lane), mock, count, PATIENCE).await.unwrap();
    assert_eq!(exchanges.len(), count, "{exchanges:#?}");
    exchanges
}

/// The messages of a body as the recorder shows them.
pub fn messages(body: &str) -> Vec<Value> {
    body.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"))).collect()
}

/// What a call without a client got.
pub struct Raw {
    pub status: u16,
    pub headers: HeaderMap,
    pub messages: Vec<Bytes>,
    pub trailers: HeaderMap,
}

impl Raw {
    /// The number of the status, from behind the body or from the head.
    pub fn code(&self) -> u16 {
        let found = self.trailers.get("grpc-status").or(self.headers.get("grpc-status"));
        found.expect("a status").to_str().unwrap().parse().unwrap()
    }
}

/// A POST over HTTP/2 with this content type, these other headers, and this body.
pub async fn raw(stand: &Stand, mock: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Raw {
    let url = format!("{}{path}", stand.mocks.endpoint(mock).unwrap().base_url);
    let mut request = Request::post(url).version(Version::HTTP_2);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Full::new(Bytes::copy_from_slice(body))).unwrap();
    let client = Client::builder(TokioExecutor::new()).http2_only(true).build_http();
    let response = tokio::time::timeout(PATIENCE, client.request(request)).await.unwrap().unwrap();
    let (parts, body) = response.into_parts();
    let whole = tokio::time::timeout(PATIENCE, body.collect()).await.unwrap().unwrap();
    let trailers = whole.trailers().cloned().unwrap_or_default();
    let mut decoder = Decoder::new(1 << 20);
    decoder.push(&whole.to_bytes());
    let messages = std::iter::from_fn(|| decoder.message().unwrap_or(None)).map(|message| message.bytes).collect();
    Raw { status: parts.status.as_u16(), headers: parts.headers, messages, trailers }
}

pub const GRPC: (&str, &str) = ("content-type", "application/grpc");
