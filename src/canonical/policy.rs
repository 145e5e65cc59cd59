//! What happens to requests on their way.

use super::{ApiKeys, Authorize, Csrf, Headers, Jwt, PromptGuard, RateLimit, Retry};
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
    /// Only clients with a token pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwt: Option<Jwt>,
    /// Rules in CEL that say who gets through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorize: Option<Authorize>,
    /// Keeps pages of other origins from changing something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub csrf: Option<Csrf>,
    /// Largest body of a request: `2000`, `1Ki`, `5Mi`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub largest_body: Option<String>,
    /// Calls that are made again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<Retry>,
    /// What becomes of headers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headers: Option<Headers>,
    /// What prompts and answers may not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_guard: Option<PromptGuard>,
    /// At most so many requests or tokens in a unit of time.
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

impl Policy {
    /// The rules about requests that are set, by their names: they have no meaning on a backend.
    pub(super) fn traffic(&self) -> impl Iterator<Item = &'static str> {
        let rules = [
            ("apiKey", self.api_key.is_some()),
            ("jwt", self.jwt.is_some()),
            ("authorize", self.authorize.is_some()),
            ("csrf", self.csrf.is_some()),
            ("largestBody", self.largest_body.is_some()),
            ("retry", self.retry.is_some()),
            ("headers", self.headers.is_some()),
            ("rateLimit", self.rate_limit.is_some()),
            ("cors", self.cors.is_some()),
            ("timeout", self.timeout.is_some()),
        ];
        rules.into_iter().filter(|(_, set)| *set).map(|(rule, _)| rule)
    }
}
