//! What a mock remembers of one exchange.

use super::Lane;
use serde::{Deserialize, Serialize};

/// One request that a mock received and what became of it. Credentials in it are already tokens ([`super::mask_header`]).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Exchange {
    /// Position in the order of arrival, over all mocks of the process; starts at 1.
    pub sequence: u64,
    /// Whose exchange it is.
    pub lane: Lane,
    /// The mock that received it: `openai`, `toolbox` …
    pub mock: String,
    /// When the request head arrived.
    pub at: jiff::Timestamp,
    /// When the head of the answer went out; `None` while it has not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<jiff::Timestamp>,
    /// When it ended; `None` while it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<jiff::Timestamp>,
    /// What arrived.
    pub received: Received,
    /// What was sent back; `None` while nothing has been.
    pub sent: Option<Sent>,
    /// How it ended.
    pub outcome: Outcome,
}

/// The request as it arrived.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Received {
    /// Version of the protocol: `HTTP/1.1`, `HTTP/2.0`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// HTTP method.
    pub method: String,
    /// Path with query.
    pub target: String,
    /// Headers in the order of arrival, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body; bytes that are not UTF-8 become U+FFFD. Messages of protocol buffers are shown as JSON, one a line.
    pub body: String,
    /// The bytes of a body that is not UTF-8, in Base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_base64: Option<String>,
}

impl Received {
    /// The first value of a header (name in any case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// The answer as it was sent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sent {
    /// HTTP status.
    pub status: u16,
    /// Headers in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body, as far as it was sent; bytes that are not UTF-8 become U+FFFD.
    pub body: String,
    /// The bytes of a body that is not UTF-8, in Base64: frames of an event stream, compressed answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_base64: Option<String>,
    /// Headers behind the body: the status of a gRPC call.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trailers: Vec<(String, String)>,
}

impl Sent {
    /// The status of a gRPC call, which stands behind the body or, where there is none, in the head.
    pub fn grpc_status(&self) -> Option<&str> {
        let mut fields = self.trailers.iter().chain(&self.headers);
        fields.find(|(name, _)| name == "grpc-status").map(|(_, value)| value.as_str())
    }
}

/// How an exchange ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// Still going on.
    Open,
    /// The whole answer was sent.
    Complete,
    /// The client went away first.
    ClientLeft,
    /// A fault of ours ended it.
    CutByUs,
}
