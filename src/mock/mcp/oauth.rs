//! A server behind OAuth: RFC 9728 tells where tokens come from, and nothing else is told without one.

use super::guard::host_of;
use axum::Json;
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use http::{HeaderMap, Method, StatusCode, Uri, header};
use serde_json::json;
use std::sync::Arc;

/// Where the metadata of the resource `/mcp` is; the path alone stands for the whole server.
const METADATA: &str = "/.well-known/oauth-protected-resource";
/// The scope that a token needs, where it names scopes at all.
const SCOPE: &str = "mcp";

/// Why a token does not pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::mock) enum TokenFault {
    /// It is none, is too old, or is for somebody else; in a few words.
    Invalid(String),
}

/// Who knows tokens.
pub(in crate::mock) trait Tokens: Send + Sync {
    /// The address of who issues them, where there is one.
    fn issuer(&self) -> Option<String>;

    /// Whether a token passes for a resource.
    ///
    /// # Errors
    /// It does not.
    fn check<'a>(&'a self, token: &'a str, resource: &'a str) -> BoxFuture<'a, Result<(), TokenFault>>;
}

/// What a protected server needs to know.
pub(in crate::mock) type Protection = Arc<dyn Tokens>;

/// The answer to a request without a good token: where to get one. `None` stands for a good one.
pub(super) async fn protected(
    tokens: &dyn Tokens,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
) -> Option<Response> {
    let origin = format!("http://{}", host_of(headers, uri));
    let path = uri.path();
    if path == METADATA || path.strip_prefix(METADATA) == Some("/mcp") {
        return Some(metadata(method, &origin, path.ends_with("/mcp"), tokens));
    }
    let Some(token) = bearer(headers) else { return Some(challenge(&origin, "")) };
    let TokenFault::Invalid(why) = tokens.check(token, &format!("{origin}/mcp")).await.err()?;
    let why = why.replace(['"', '\\'], "'");
    Some(challenge(&origin, &format!("error=\"invalid_token\", error_description=\"{why}\", ")))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

fn metadata(method: &Method, origin: &str, is_of_path: bool, tokens: &dyn Tokens) -> Response {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let body = json!({
        "resource": if is_of_path { format!("{origin}/mcp") } else { origin.to_owned() },
        "resource_name": "agw-sandbox protected MCP server",
        "authorization_servers": tokens.issuer().into_iter().collect::<Vec<_>>(),
        "bearer_methods_supported": ["header"],
        "scopes_supported": [SCOPE],
    });
    ([(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")], Json(body)).into_response()
}

fn challenge(origin: &str, error: &str) -> Response {
    let told = format!("Bearer {error}resource_metadata=\"{origin}{METADATA}/mcp\", scope=\"{SCOPE}\"");
    let body = json!({ "error": if error.is_empty() { "unauthorized" } else { "invalid_token" } });
    (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, told)], Json(body)).into_response()
}
