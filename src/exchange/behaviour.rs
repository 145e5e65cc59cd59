//! How a mock behaves in one lane: what it answers, and what it does wrong on purpose.

use serde::{Deserialize, Serialize};

/// How a mock behaves in one lane. The default is a mock that answers every good request well.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Behaviour {
    /// The text of the assistant's answer; left out: one that is derived from the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// What it does wrong, in order: each fault serves its `times` requests, then the next one follows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Fault>,
}

/// One thing that a mock does wrong on purpose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Fault {
    /// How many requests it applies to; left out: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// Answers with this HTTP status and the vendor's own error body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Headers added to the answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// Milliseconds to wait before the first byte of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// Ends the connection after this many events of a stream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_after_events: Option<u32>,
}
