//! The credential that a provider sees. Source: facts/proxy.md 3.1.

use crate::gateway::{
    proxy::{
        gates::{bearer, bearer_token},
        headers::secret,
    },
    table::{BackendAuth, LlmProvider},
};
use http::{HeaderMap, HeaderName, HeaderValue, header};

const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const ANTHROPIC_VERSION: HeaderName = HeaderName::from_static("anthropic-version");
/// Tokens of Anthropic that stay in the Authorization header.
const ANTHROPIC_OAUTH: &str = "sk-ant-oat";

/// Replaces the client's credential with the backend's, each provider in its own way.
pub fn apply(provider: LlmProvider, auth: Option<&BackendAuth>, headers: &mut HeaderMap) {
    let key = match auth {
        Some(BackendAuth::Key(key)) => Some(key.as_str()),
        Some(BackendAuth::Passthrough) | None => None,
    };
    if let Some(value) = key.and_then(bearer) {
        headers.insert(header::AUTHORIZATION, value);
    }
    if provider == LlmProvider::Anthropic {
        speak_anthropic(headers);
    }
}

/// Moves the Bearer token to where Anthropic wants it.
fn speak_anthropic(headers: &mut HeaderMap) {
    headers.insert(ANTHROPIC_VERSION, HeaderValue::from_static("2023-06-01"));
    headers.remove(header::ORIGIN);
    let fetch: Vec<HeaderName> =
        headers.keys().filter(|name| name.as_str().starts_with("sec-fetch-")).cloned().collect();
    for name in fetch {
        headers.remove(name);
    }
    let token = headers.get(header::AUTHORIZATION).and_then(bearer_token);
    let Some(token) = token.filter(|token| !token.starts_with(ANTHROPIC_OAUTH)) else { return };
    if let Some(key) = secret(token) {
        headers.insert(X_API_KEY, key);
        headers.remove(header::AUTHORIZATION);
    }
}
