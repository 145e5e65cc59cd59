//! How a mock behaves in one lane: what it answers, how fast, and what it does wrong on purpose.

use super::{Fault, Guard, Limit, Processing, Reply, Verdict};
use serde::{Deserialize, Serialize};

/// How a mock behaves in one lane. The default is a mock that answers every good request well.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Behaviour {
    /// The text of the assistant's answer; left out: one that is derived from the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// Whole answers, in order: each serves one request that the mock understood, the last one all that follow. Instead
    /// of `answer`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<Reply>,
    /// What the authorization services say, in order: each serves one request, the last one all that follow.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub verdicts: Vec<Verdict>,
    /// What the external processor does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub processing: Option<Processing>,
    /// What the rate limit service counts; an empty list limits nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<Vec<Limit>>,
    /// What the guardrail webhook does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guard: Option<Guard>,
    /// How fast the answer comes; left out: as fast as it can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cadence: Option<Cadence>,
    /// What it does wrong, in order: each fault serves its `times` requests, then the next one follows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Fault>,
}

/// How fast the events of an answer come.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Cadence {
    /// Milliseconds before the first event of a stream, or before an answer in one piece.
    pub first_token_ms: u64,
    /// Milliseconds before each further event, on average.
    pub token_ms: u64,
    /// How the delays between events are spread around their average.
    pub distribution: Distribution,
    /// Which delays are drawn; equal seeds draw equal delays.
    pub seed: u64,
}

/// How delays are spread around their average.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Distribution {
    /// All are the same.
    #[default]
    Fixed,
    /// Evenly between nothing and twice the average.
    Uniform,
    /// Many short ones and a few long ones, at most eight times the average.
    Exponential,
}
