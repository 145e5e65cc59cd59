//! Why an answer is as it is, in one word.

/// Why an answer is as it is. Source: facts/conformance.md B.6 OBS-07.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The upstream answered.
    Upstream,
    /// A policy or filter answered on purpose.
    DirectResponse,
    /// Listener, route or backend is not there.
    NotFound,
    /// No endpoint could be called.
    NoHealthyBackend,
    /// The request could not be processed.
    Internal,
    /// No good JWT.
    JwtAuth,
    /// No good user and password.
    BasicAuth,
    /// No good API key.
    ApiKeyAuth,
    /// An external service said no, or nothing.
    ExtAuth,
    /// A rule said no.
    Authorization,
    /// It took too long.
    Timeout,
    /// An external processor failed.
    ExtProc,
    /// A limit is used up.
    RateLimit,
    /// A prompt guard said no.
    Guardrail,
    /// MCP.
    Mcp,
    /// The upstream did not answer.
    UpstreamFailure,
}

impl Reason {
    /// As log and metrics write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Upstream => "Upstream",
            Self::DirectResponse => "DirectResponse",
            Self::NotFound => "NotFound",
            Self::NoHealthyBackend => "NoHealthyBackend",
            Self::Internal => "Internal",
            Self::JwtAuth => "JwtAuth",
            Self::BasicAuth => "BasicAuth",
            Self::ApiKeyAuth => "APIKeyAuth",
            Self::ExtAuth => "ExtAuth",
            Self::Authorization => "Authorization",
            Self::Timeout => "Timeout",
            Self::ExtProc => "ExtProc",
            Self::RateLimit => "RateLimit",
            Self::Guardrail => "Guardrail",
            Self::Mcp => "MCP",
            Self::UpstreamFailure => "UpstreamFailure",
        }
    }
}
