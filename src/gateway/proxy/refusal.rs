//! Answers that the proxy makes itself because it cannot or must not call a backend. Source: facts/proxy.md 4.

use super::{
    body::{Body, CollectError},
    telemetry::Reason,
};
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
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
            Self::NoApiKey | Self::WrongApiKey => StatusCode::UNAUTHORIZED,
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
            Self::RateLimited { .. } => Reason::RateLimit,
            Self::Mcp(..) => Reason::Mcp,
        }
    }

    /// What the log says of it.
    pub fn error(&self) -> Option<String> {
        Some(self.text().into_owned())
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
            Self::Mcp(_, text) => text.clone(),
        }
    }

    /// The answer to an HTTP client.
    pub fn into_response(self) -> Response<Body> {
        let mut response = plain_text(self.status(), self.text());
        if let Self::RateLimited { limit, reset } = self {
            let headers = response.headers_mut();
            headers.insert("x-ratelimit-limit", limit.into());
            headers.insert("x-ratelimit-remaining", 0.into());
            headers.insert("x-ratelimit-reset", reset.into());
        }
        response
    }

    /// The answer to a gRPC client: the failure is in the headers, and the status is always 200.
    pub fn into_grpc_response(self) -> Response<Body> {
        let mut response = Response::new(Body::empty());
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
        headers.insert("grpc-status", grpc_status(self.status()).into());
        if let Ok(message) = HeaderValue::from_str(&percent_encoded(&self.text())) {
            headers.insert("grpc-message", message);
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

/// Whether the client speaks gRPC.
pub fn is_grpc(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"application/grpc"))
}

/// Source: the gRPC mapping of HTTP statuses, as far as the proxy makes them.
fn grpc_status(status: StatusCode) -> u16 {
    match status.as_u16() {
        400 => 13,
        401 => 16,
        403 => 7,
        404 => 12,
        429 | 502 | 503 | 504 => 14,
        _ => 2,
    }
}

/// What gRPC wants of `grpc-message`: everything outside of printable ASCII, and `%`, as `%XX`.
fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        match byte {
            b'%' => encoded.push_str("%25"),
            0x20..=0x7e => encoded.push(char::from(byte)),
            other => encoded.push_str(&format!("%{other:02X}")),
        }
        encoded
    })
}
