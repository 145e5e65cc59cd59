//! Answers that the proxy makes itself because it cannot or must not call a backend. Source: facts/proxy.md 4.

use super::{
    body::{Body, CollectError},
    telemetry::Reason,
};
use crate::gateway::table::Rejection;
use http::{HeaderValue, Response, StatusCode, header};
use std::borrow::Cow;

/// Why there is no answer of a backend.
#[derive(Debug)]
pub enum Refusal {
    /// A request without a host.
    NoHost,
    /// No listener has the host.
    ListenerNotFound,
    /// No route matches.
    RouteNotFound,
    /// Routes that lead to each other.
    RouteCycle,
    /// The rule has no backend with a share.
    NoValidBackends,
    /// The reference cannot be a backend or is not permitted.
    BackendDoesNotExist,
    /// The backend is missing or was not translated.
    ServiceNotFound,
    /// The Service has no endpoint at this port.
    NoHealthyBackends,
    /// A name that nobody knows.
    UnknownName,
    /// The upstream did not answer; with the failed phase and its cause.
    UpstreamFailed(String),
    /// The upstream was too slow.
    UpstreamTimeout,
    /// The whole request took too long.
    RequestTimeout,
    /// A body could not be understood or made.
    Processing(String),
    /// An answer that could not be understood, under the status that it came with.
    Answered(StatusCode, String),
    /// A signature of AWS needs a region, and nobody named one.
    NoAwsRegion,
    /// No API key where one is needed.
    NoApiKey,
    /// An API key that is not good.
    WrongApiKey,
    /// The bucket is empty.
    RateLimited {
        /// Size of the bucket.
        limit: u64,
        /// Seconds until something is given back.
        reset: u64,
    },
    /// No good token.
    Jwt(String),
    /// No good user and password.
    Basic {
        /// What is wrong.
        text: &'static str,
        /// What a browser shows.
        realm: String,
    },
    /// A rule says no.
    Unauthorized,
    /// The service that lets requests in has no answer.
    ExtAuthFailed,
    /// The service that changes requests has no answer.
    ExtProcFailed(&'static str),
    /// The service that counts has no answer.
    RateLimitFailed,
    /// A prompt guard says no.
    Guarded {
        /// What kind of guard.
        guard: &'static str,
        /// What the client is told.
        rejection: Rejection,
    },
    /// An answer that a policy or a service made.
    Direct(Box<Response<Body>>),
    /// An MCP request that is refused before it is a JSON-RPC matter.
    Mcp(StatusCode, Cow<'static, str>),
}

/// Text of a refused connection on every platform; the real gateway always runs on Linux.
pub const CONNECTION_REFUSED: &str = "Connect: Connection refused (os error 111)";

impl Refusal {
    /// A connection that was refused.
    pub fn connection_refused() -> Self {
        Self::UpstreamFailed(CONNECTION_REFUSED.to_owned())
    }

    /// A request that could not be parsed.
    pub fn unparsable_request(error: &serde_json::Error) -> Self {
        Self::Processing(format!("failed to parse request: {error}"))
    }

    /// A response that could not be parsed.
    pub fn unparsable_response(error: &serde_json::Error) -> Self {
        Self::Processing(format!("failed to parse response: {error}"))
    }

    /// A request body that could not be read.
    pub fn unreadable_request(error: CollectError) -> Self {
        match error {
            CollectError::TooLarge => Self::Processing("request was too large".to_owned()),
            CollectError::Broken(cause) => Self::Processing(format!("failed to read request: {cause}")),
        }
    }

    /// A response body that could not be read.
    pub fn unreadable_response(error: CollectError) -> Self {
        match error {
            CollectError::TooLarge => Self::Processing("response was too large".to_owned()),
            CollectError::Broken(cause) => Self::UpstreamFailed(cause),
        }
    }

    /// A body that is larger than a policy allows.
    pub fn too_large() -> Self {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
        Self::Direct(Box::new(response))
    }

    /// A request that a foreign page has sent.
    pub fn foreign_page() -> Self {
        let mut response = Response::new(Body::from("CSRF validation failed"));
        *response.status_mut() = StatusCode::FORBIDDEN;
        Self::Direct(Box::new(response))
    }

    /// Whether another try may go better.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::UpstreamFailed(_) | Self::UpstreamTimeout | Self::UnknownName)
    }

    /// The same with the status of the answer that could not be understood, as releases from 1.5 on have it.
    pub fn answered(self, status: StatusCode) -> Self {
        match self {
            Self::Processing(cause) => Self::Answered(status, cause),
            other => other,
        }
    }

    /// HTTP status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::ListenerNotFound | Self::RouteNotFound => StatusCode::NOT_FOUND,
            Self::RouteCycle
            | Self::NoValidBackends
            | Self::BackendDoesNotExist
            | Self::ServiceNotFound
            | Self::NoAwsRegion => StatusCode::INTERNAL_SERVER_ERROR,
            Self::NoHost
            | Self::NoHealthyBackends
            | Self::UnknownName
            | Self::UpstreamFailed(_)
            | Self::Processing(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::UpstreamTimeout | Self::RequestTimeout => StatusCode::GATEWAY_TIMEOUT,
            Self::NoApiKey | Self::WrongApiKey | Self::Jwt(_) | Self::Basic { .. } => StatusCode::UNAUTHORIZED,
            Self::Unauthorized | Self::ExtAuthFailed => StatusCode::FORBIDDEN,
            Self::ExtProcFailed(_) | Self::RateLimitFailed => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Guarded { rejection, .. } => StatusCode::from_u16(rejection.status).unwrap_or(StatusCode::FORBIDDEN),
            Self::Direct(response) => response.status(),
            Self::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Mcp(status, _) | Self::Answered(status, _) => *status,
        }
    }

    /// Why, in one word, for log and metrics.
    pub fn reason(&self) -> Reason {
        match self {
            Self::ListenerNotFound | Self::RouteNotFound | Self::ServiceNotFound => Reason::NotFound,
            Self::RouteCycle
            | Self::NoValidBackends
            | Self::BackendDoesNotExist
            | Self::NoHealthyBackends
            | Self::UnknownName => Reason::NoHealthyBackend,
            Self::NoHost | Self::Processing(_) | Self::Answered(..) | Self::NoAwsRegion => Reason::Internal,
            Self::UpstreamFailed(_) => Reason::UpstreamFailure,
            Self::UpstreamTimeout | Self::RequestTimeout => Reason::Timeout,
            Self::NoApiKey | Self::WrongApiKey => Reason::ApiKeyAuth,
            Self::Jwt(_) => Reason::JwtAuth,
            Self::Basic { .. } => Reason::BasicAuth,
            Self::Unauthorized => Reason::Authorization,
            Self::ExtAuthFailed => Reason::ExtAuth,
            Self::ExtProcFailed(_) => Reason::ExtProc,
            Self::RateLimited { .. } | Self::RateLimitFailed => Reason::RateLimit,
            Self::Guarded { .. } => Reason::Guardrail,
            Self::Direct(_) => Reason::DirectResponse,
            Self::Mcp(..) => Reason::Mcp,
        }
    }

    /// What the log says of it.
    pub fn error(&self) -> Option<String> {
        match self {
            Self::Direct(_) => None,
            Self::Guarded { guard, .. } => Some(format!("request rejected by {guard} guardrail")),
            other => Some(other.text().into_owned()),
        }
    }

    /// The text, which is the whole body.
    pub fn text(&self) -> Cow<'static, str> {
        match self {
            Self::NoHost => "processing failed: no authority or host".into(),
            Self::ListenerNotFound => "listener not found".into(),
            Self::RouteNotFound => "route not found".into(),
            Self::RouteCycle => "route delegation cycle detected".into(),
            Self::NoValidBackends => "no valid backends".into(),
            Self::BackendDoesNotExist => "backend does not exist".into(),
            Self::ServiceNotFound => "service not found".into(),
            Self::NoHealthyBackends => "no healthy backends".into(),
            Self::UnknownName => "backends required DNS resolution which failed".into(),
            Self::UpstreamFailed(cause) => format!("upstream call failed: {cause}").into(),
            Self::UpstreamTimeout => "upstream call timeout".into(),
            Self::RequestTimeout => "request timeout".into(),
            Self::NoAwsRegion => {
                "backend authentication failed: No region found in AWS config or request extensions".into()
            }
            Self::Processing(cause) | Self::Answered(_, cause) => format!("processing failed: {cause}").into(),
            Self::NoApiKey => "api key authentication failure: no API Key found".into(),
            Self::WrongApiKey => "api key authentication failure: invalid credentials".into(),
            Self::RateLimited { .. } => "rate limit exceeded".into(),
            Self::Jwt(problem) => format!("authentication failure: {problem}").into(),
            Self::Basic { text, .. } => format!("basic authentication failure: {text}").into(),
            Self::Unauthorized => "authorization failed".into(),
            Self::ExtAuthFailed => "external authorization failed".into(),
            Self::ExtProcFailed(cause) => format!("ext_proc failed: {cause}").into(),
            Self::RateLimitFailed => "rate limit failed".into(),
            Self::Guarded { rejection, .. } => rejection.message.clone().into(),
            Self::Direct(_) => "direct response".into(),
            Self::Mcp(_, text) => text.clone(),
        }
    }

    /// The answer to an HTTP client.
    pub fn into_response(self) -> Response<Body> {
        if let Self::Direct(response) = self {
            return *response;
        }
        let mut response = plain_text(self.status(), self.text());
        let headers = response.headers_mut();
        if let Self::Guarded { .. } = &self {
            headers.remove(header::CONTENT_TYPE);
        }
        if let Self::Basic { realm, .. } = &self
            && let Ok(challenge) = HeaderValue::from_str(&format!("Basic realm=\"{realm}\""))
        {
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Self::RateLimited { limit, reset } = self {
            headers.insert("x-ratelimit-limit", limit.into());
            headers.insert("x-ratelimit-remaining", 0.into());
            headers.insert("x-ratelimit-reset", reset.into());
        }
        response
    }
}

/// A bare text as answer.
pub fn plain_text(status: StatusCode, text: impl Into<Cow<'static, str>>) -> Response<Body> {
    let mut response = Response::new(match text.into() {
        Cow::Borrowed(text) => Body::from(text),
        Cow::Owned(text) => Body::from(text),
    });
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    response
}
