//! Policies as the proxy applies them. Each field stands for itself: a more specific policy replaces it as a whole.

use super::{
    ApiKeyAuth, Authorization, BasicAuth, Callee, Csrf, ExtAuth, ExtProc, GlobalRateLimit, GuardKind, HeaderModifiers,
    Health, JwtAuth, LocalRateLimit, ModelRequest, PromptGuard, Retry, Transformation,
};
use std::time::Duration;

macro_rules! policies {
    ($($(#[doc = $doc:expr])+ $field:ident: $kind:ty),+ $(,)?) => {
        /// What applies to a request. Every field is independent of the others.
        #[derive(Debug, Clone, Default, PartialEq, Hash)]
        pub struct Policies { $($(#[doc = $doc])+ pub $field: Option<$kind>),+ }

        impl Policies {
            /// Lays policies over these: each field that `over` sets replaces the whole field.
            pub fn under(&self, over: &Self) -> Self {
                Self { $($field: over.$field.clone().or_else(|| self.$field.clone())),+ }
            }
        }
    };
}

policies! {
    /// `traffic.cors`.
    cors: Cors,
    /// `traffic.jwtAuthentication`.
    jwt: JwtAuth,
    /// `traffic.basicAuthentication`.
    basic: BasicAuth,
    /// `traffic.apiKeyAuthentication`.
    api_key: ApiKeyAuth,
    /// `traffic.extAuth`.
    ext_auth: ExtAuth,
    /// `traffic.authorization`.
    authorization: Authorization,
    /// `traffic.rateLimit.local`: those that count. The real gateway uses none but the first up to 1.4.1.
    rate_limits: Vec<LocalRateLimit>,
    /// `traffic.rateLimit.global`.
    global_limit: GlobalRateLimit,
    /// `traffic.buffer.request.maxBytes`.
    largest_request: usize,
    /// `traffic.extProc`.
    ext_proc: ExtProc,
    /// `traffic.transformation`.
    transformation: Transformation,
    /// `traffic.csrf`.
    csrf: Csrf,
    /// `traffic.headerModifiers`.
    headers: HeaderModifiers,
    /// `traffic.delay.duration`.
    delay: Duration,
    /// `traffic.retry`.
    retry: Retry,
    /// `traffic.timeouts.request`.
    request_timeout: Duration,
    /// `backend.http.requestTimeout`.
    backend_request_timeout: Duration,
    /// `backend.auth`.
    backend_auth: super::BackendAuth,
    /// `traffic.directResponse`: the first whose condition holds is the answer.
    direct: Vec<DirectAnswer>,
    /// `backend.health`.
    health: Health,
    /// `backend.mcp.authorization`; those of several policies all hold.
    mcp_rules: super::Rules,
    /// `backend.ai.routes`.
    llm_routes: super::LlmRoutes,
    /// `backend.ai.promptGuard`.
    prompt_guard: PromptGuard,
    /// `backend.ai`: `defaults`, `overrides`, `transformations`, `prompt` and `modelAliases`.
    model_request: ModelRequest,
}

impl Policies {
    /// Services that are called on the way.
    pub fn callees(&self) -> impl Iterator<Item = &Callee> {
        let auth = self.ext_auth.as_ref().and_then(|auth| auth.service.as_ref());
        let limit = self.global_limit.as_ref().and_then(|limit| limit.service.as_ref());
        let processor = self.ext_proc.as_ref().and_then(|processor| processor.service.as_ref());
        let guards = self.prompt_guard.iter().flat_map(|guard| guard.request.iter().chain(&guard.response));
        let webhooks = guards.filter_map(|guard| match &guard.kind {
            GuardKind::Webhook(webhook) => webhook.service.as_ref(),
            GuardKind::Regex { .. } => None,
        });
        auth.into_iter().chain(limit).chain(processor).chain(webhooks)
    }
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
