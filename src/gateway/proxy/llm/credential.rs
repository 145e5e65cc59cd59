//! The credential that a provider sees. Source: facts/proxy.md 3.1 and facts/manifests.md 1.3 and 1.4.

use super::{
    bedrock::sign::{Signed, sign},
    format::Format,
};
use crate::gateway::{
    proxy::{
        gates::{bearer, bearer_token},
        headers::secret,
        refusal::Refusal,
    },
    table::{BackendAuth, LlmProvider},
};
use http::{HeaderMap, HeaderName, HeaderValue, Uri, header};

const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const ANTHROPIC_VERSION: HeaderName = HeaderName::from_static("anthropic-version");
/// Tokens of Anthropic that stay in the Authorization header.
const ANTHROPIC_OAUTH: &str = "sk-ant-oat";

/// What a credential is put on.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The provider.
    pub provider: &'a LlmProvider,
    /// The language spoken with it.
    pub format: Format,
    /// Path and query upstream.
    pub uri: &'a Uri,
    /// HTTP method.
    pub method: &'a str,
    /// Body.
    pub body: &'a [u8],
    /// Whether the backend names a host of its own.
    pub is_elsewhere: bool,
}

/// Replaces the client's credential with the backend's, each provider in its own way. All other headers must be there.
pub fn apply(asked: Asked<'_>, auth: Option<&BackendAuth>, headers: &mut HeaderMap) -> Result<(), Refusal> {
    match auth {
        Some(BackendAuth::Key(key)) => {
            if let Some(value) = bearer(key) {
                headers.insert(header::AUTHORIZATION, value);
            }
        }
        Some(BackendAuth::KeyIn { header, prefix, key }) => {
            if let (Ok(name), Some(value)) = (header.parse::<HeaderName>(), secret(&format!("{prefix}{key}"))) {
                headers.insert(name, value);
            }
        }
        Some(BackendAuth::Aws(key)) => {
            let typed = match asked.provider {
                LlmProvider::Bedrock { region, .. } if !asked.is_elsewhere => Some(region),
                _ => None,
            };
            let region = key.region.as_ref().or(typed).ok_or(Refusal::NoAwsRegion)?;
            let signed = Signed { method: asked.method, uri: asked.uri, body: asked.body, region };
            sign(key, signed, headers, jiff::Timestamp::now());
        }
        Some(BackendAuth::Passthrough) | None => {}
    }
    if *asked.provider == LlmProvider::Anthropic {
        speak_anthropic(headers);
    } else if matches!(asked.format, Format::Messages | Format::TokenCount) {
        headers.insert(ANTHROPIC_VERSION, HeaderValue::from_static("2023-06-01"));
    }
    Ok(())
}

/// A key at the usual place instead of where its location says.
pub fn misplaced(auth: Option<BackendAuth>, misplaced: bool) -> Option<BackendAuth> {
    match auth {
        Some(BackendAuth::KeyIn { key, .. }) if misplaced => Some(BackendAuth::Key(key)),
        auth => auth,
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
