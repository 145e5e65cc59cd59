//! What a realm is called, and where it is.

use super::provider::Provider;
use super::realm::FIRST;
use super::refusal::OAuthError;
use crate::mock::line::Line;
use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;
use http::{HeaderMap, Uri, header};

/// A realm as a request sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Site {
    /// Its name.
    pub(super) realm: String,
    /// What its tokens name as their issuer.
    pub(super) issuer: String,
    /// Where its endpoints are: the origin of the request, and the realm's path.
    pub(super) base: String,
}

impl Site {
    /// A realm at an origin.
    pub(super) fn at(provider: &Provider, origin: &str, realm: &str) -> Self {
        let path = path_of(realm);
        let issuer = provider.fixed_issuer.as_deref().unwrap_or(origin);
        Self { realm: realm.to_owned(), issuer: format!("{issuer}{path}"), base: format!("{origin}{path}") }
    }
}

/// The realm at the root has no path of its own.
fn path_of(realm: &str) -> String {
    if realm == FIRST { String::new() } else { format!("/realms/{realm}") }
}

impl FromRequestParts<Provider> for Site {
    type Rejection = OAuthError;

    async fn from_request_parts(parts: &mut Parts, provider: &Provider) -> Result<Self, OAuthError> {
        let origin = origin_of(parts).ok_or_else(|| OAuthError::request("The request names no host."))?;
        let params = RawPathParams::from_request_parts(parts, provider).await;
        let params = params.map_err(|_| OAuthError::request("The path is no text."))?;
        let realm = params.iter().find(|(name, _)| *name == "realm").map_or(FIRST, |(_, realm)| realm);
        if !is_name(realm) {
            return Err(OAuthError::request("The name of a realm has letters, digits and hyphens, 63 at most."));
        }
        Ok(Self::at(provider, &origin, realm))
    }
}

/// Whether this may be the name of a realm: it becomes a part of URLs.
pub(super) fn is_name(realm: &str) -> bool {
    let is_letter = |letter: u8| letter.is_ascii_alphanumeric() || letter == b'-';
    (1..=63).contains(&realm.len()) && realm.bytes().all(is_letter)
}

/// Scheme, host and port by which the client called.
fn origin_of(parts: &Parts) -> Option<String> {
    let scheme = if parts.extensions.get::<Line>().is_some_and(|line| line.tls().is_some()) { "https" } else { "http" };
    Some(format!("{scheme}://{}", host_of(&parts.headers, &parts.uri)?))
}

fn host_of<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> Option<&'a str> {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    host.or(uri.authority().map(|authority| authority.as_str())).filter(|host| !host.is_empty())
}
