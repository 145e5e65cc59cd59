//! What happens to requests on their way.

use super::KeySource;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// A policy on a target: at least one rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Policy {
    /// What it applies to.
    pub on: Target,
    /// Only clients with one of these keys pass; key names are free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_key: Option<ApiKeys>,
    /// At most so many requests in a unit of time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate_limit: Option<RateLimit>,
    /// Which web pages may call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cors: Option<Cors>,
    /// Longest time for a whole request: `100ms`, `30s`; 100 ms at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<String>,
    /// Longest time for one call upstream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backend_timeout: Option<String>,
}

/// What a policy applies to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub enum Target {
    /// The route with this path.
    Route(String),
    /// The whole gateway (`{}`).
    Gateway(IndexMap<String, String>),
    /// A backend by name.
    Backend(String),
}

/// Keys by the name of who holds them.
pub type ApiKeys = IndexMap<String, KeySource>;

/// A limit that one proxy keeps by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RateLimit {
    /// Requests in a unit of time.
    pub requests: u32,
    /// `1s`, `60s` or `1h`: what the resource can say.
    pub per: String,
    /// Requests above the rate that may come at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub burst: Option<u32>,
}

/// Cross-origin rules; the fields are those of the resource.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Cors {
    /// Origins, `https://*.example.com` or `*`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allow_origins: Vec<String>,
    /// Methods.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allow_methods: Vec<String>,
    /// Request headers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allow_headers: Vec<String>,
    /// Response headers that a page may read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub expose_headers: Vec<String>,
    /// Whether credentials may be sent.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub allow_credentials: bool,
    /// Seconds that a browser may keep the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u32>,
}
