//! A server behind OAuth: RFC 9728 tells where tokens come from, and nothing else is told without one.

use super::guard::host_of;
use axum::Json;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, StatusCode, header};
use serde_json::json;
use std::sync::Arc;

/// Where the metadata of the resource `/mcp` is; the path alone stands for the whole server.
const METADATA: &str = "/.well-known/oauth-protected-resource";
/// The scope that a token needs, where it names scopes at all.
const SCOPE: &str = "mcp";

/// Why a token does not pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::mock) enum TokenFault {
    /// It is none, is too old, or is for somebody else; in a few words.
    Invalid(&'static str),
    /// It is good, but not for this.
    InsufficientScope,
}

/// Who knows tokens.
pub(in crate::mock) trait Tokens: Send + Sync {
    /// The address of who issues them.
    fn issuer(&self) -> String;

    /// Whether a token passes for a resource.
    ///
    /// # Errors
    /// It does not.
    fn check(&self, token: &str, resource: &str) -> Result<(), TokenFault>;
}

/// What a protected server needs to know.
pub(super) type Protection = Arc<dyn Tokens>;

/// One token that everybody knows.
pub(in crate::mock) struct KnownToken {
    /// The address that is told as the issuer's.
    pub(in crate::mock) issuer: String,
    /// The token.
    pub(in crate::mock) token: &'static str,
}

impl Tokens for KnownToken {
    fn issuer(&self) -> String {
        self.issuer.clone()
    }

    fn check(&self, token: &str, _resource: &str) -> Result<(), TokenFault> {
        if token == self.token { Ok(()) } else { Err(TokenFault::Invalid("The token is not known")) }
    }
}

/// Lets requests with a good token pass, and tells the others where to get one.
pub(super) async fn protect(State(tokens): State<Protection>, request: Request, next: Next) -> Response {
    let origin = format!("http://{}", host_of(request.headers(), request.uri()));
    let path = request.uri().path();
    if path == METADATA || path.strip_prefix(METADATA) == Some("/mcp") {
        return metadata(request.method(), &origin, path.ends_with("/mcp"), tokens.as_ref());
    }
    let resource = format!("{origin}/mcp");
    let faulty = match bearer(request.headers()) {
        None => challenge(StatusCode::UNAUTHORIZED, &origin, ""),
        Some(token) => match tokens.check(token, &resource) {
            Ok(()) => return next.run(request).await,
            Err(TokenFault::Invalid(why)) => {
                let told = format!("error=\"invalid_token\", error_description=\"{why}\", ");
                challenge(StatusCode::UNAUTHORIZED, &origin, &told)
            }
            Err(TokenFault::InsufficientScope) => {
                challenge(StatusCode::FORBIDDEN, &origin, "error=\"insufficient_scope\", ")
            }
        },
    };
    faulty
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
        "authorization_servers": [tokens.issuer()],
        "bearer_methods_supported": ["header"],
        "scopes_supported": [SCOPE],
    });
    ([(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")], Json(body)).into_response()
}

fn challenge(status: StatusCode, origin: &str, error: &str) -> Response {
    let told = format!("Bearer {error}resource_metadata=\"{origin}{METADATA}/mcp\", scope=\"{SCOPE}\"");
    let body = json!({ "error": if status == StatusCode::FORBIDDEN { "insufficient_scope" } else { "invalid_token" } });
    (status, [(header::WWW_AUTHENTICATE, told)], Json(body)).into_response()
}
