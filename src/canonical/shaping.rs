//! How much gets through, how often it is tried, and what becomes of headers.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// A limit that one proxy keeps by itself, of requests or of tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RateLimit {
    /// Requests in a unit of time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests: Option<u32>,
    /// Tokens of models in a unit of time, counted after the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<u32>,
    /// `1s`, `60s` or `1h`: what the resource can say.
    pub per: String,
    /// What may come at once above the rate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub burst: Option<u32>,
}

/// Calls that are made again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Retry {
    /// Calls beside the first.
    pub attempts: u32,
    /// Pause before each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backoff: Option<String>,
    /// Statuses that are not taken for an answer.
    pub codes: Vec<u16>,
}

/// What becomes of headers on their way.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Headers {
    /// Of requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<HeaderChange>,
    /// Of answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response: Option<HeaderChange>,
}

/// What becomes of them on one side.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct HeaderChange {
    /// Replaced or made.
    pub set: IndexMap<String, String>,
    /// Added to what is there.
    pub add: IndexMap<String, String>,
    /// Taken away.
    pub remove: Vec<String>,
}
