//! Policies as the proxy applies them. Each field stands for itself: a more specific policy replaces it as a whole.

use std::time::Duration;

/// What applies to a request. Every field is independent of the others.
#[derive(Debug, Clone, Default, PartialEq, Hash)]
pub struct Policies {
    /// `traffic.apiKeyAuthentication`.
    pub api_key: Option<ApiKeyAuth>,
    /// The first entry of `traffic.rateLimit.local`; the real gateway uses no other up to 1.4.1.
    pub rate_limit: Option<LocalRateLimit>,
    /// `traffic.cors`.
    pub cors: Option<Cors>,
    /// `traffic.timeouts.request`.
    pub request_timeout: Option<Duration>,
    /// `backend.http.requestTimeout`.
    pub backend_request_timeout: Option<Duration>,
    /// `backend.auth`.
    pub backend_auth: Option<super::BackendAuth>,
    /// `traffic.directResponse`: the first whose condition holds is the answer.
    pub direct: Option<Vec<DirectAnswer>>,
    /// `backend.mcp.authorization`; those of several policies all hold.
    pub mcp_rules: Option<super::Rules>,
    /// `backend.ai.routes`.
    pub llm_routes: Option<super::LlmRoutes>,
}

/// API keys and what to do without one.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct ApiKeyAuth {
    /// `mode: Optional` lets requests without a key pass.
    pub optional: bool,
    /// Keys that are good. Empty where the Secret is missing: then nobody passes.
    pub keys: Vec<ApiKey>,
    /// Header to read instead of `authorization: Bearer`.
    pub header: Option<String>,
}

/// One good key. `Debug` does not show it.
#[derive(Clone, PartialEq, Hash)]
pub enum ApiKey {
    /// The key itself.
    Plain(String),
    /// SHA-256 of the key, hex.
    Sha256(String),
}

impl std::fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("ApiKey(…)")
    }
}

/// A token bucket: `limit` requests (burst included) at most, refilled with `fill` every `interval`.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct LocalRateLimit {
    /// Identity of the bucket: policy and entry; the state outlives a change of other resources.
    pub key: String,
    /// Size of the bucket, `requests` + `burst`.
    pub limit: u64,
    /// Requests given back every `interval`.
    pub fill: u64,
    /// `Seconds`, `Minutes` or `Hours`.
    pub interval: Duration,
}

/// Cross-origin rules. Source: facts/proxy.md 4 "CORS" and facts/manifests.md 3.2.
#[derive(Debug, Clone, Default, PartialEq, Hash)]
pub struct Cors {
    /// Origins, wildcards included.
    pub allow_origins: Vec<String>,
    /// Methods.
    pub allow_methods: Vec<String>,
    /// Request headers.
    pub allow_headers: Vec<String>,
    /// Response headers that a page may read.
    pub expose_headers: Vec<String>,
    /// Whether credentials may be sent.
    pub allow_credentials: bool,
    /// Seconds, 5 unless said.
    pub max_age: u32,
}

/// An answer that the gateway gives itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DirectAnswer {
    /// CEL; left out: for every request.
    pub condition: Option<String>,
    /// HTTP status.
    pub status: u16,
    /// Its body.
    pub body: Option<AnswerBody>,
    /// Headers: name and CEL.
    pub headers: Vec<(String, String)>,
}

/// Where the body of an answer comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum AnswerBody {
    /// The text itself.
    Text(String),
    /// CEL.
    Expression(String),
}
