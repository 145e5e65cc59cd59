//! Tokens for MCP endpoints: who has none is told where to get one. Source: facts/manifests.md 5.4 and facts/proxy.md 5.

use crate::gateway::{
    proxy::body::Body,
    table::{JwtAuth, McpLogin},
};
use http::{HeaderValue, Response, StatusCode, header, request};
use serde_json::{Map, Value, json};

const PROTECTED_RESOURCE: &str = "/.well-known/oauth-protected-resource";
/// Revision of the protocol that the real gateway names in the metadata, whichever is spoken.
const METADATA_VERSION: &str = "2025-06-18";

/// The metadata of the protected resource, where a request asks for it. No token is needed for that.
pub(super) fn metadata(policy: &JwtAuth, login: &McpLogin, request: &request::Parts) -> Option<Response<Body>> {
    let rest = request.uri.path().strip_prefix(PROTECTED_RESOURCE)?;
    if !rest.is_empty() && !rest.starts_with('/') {
        return None;
    }
    let issuers: Vec<&str> = policy.providers.iter().map(|provider| provider.issuer.as_str()).take(1).collect();
    let mut fields = json!({
        "resource": resource(login),
        "authorization_servers": issuers,
        "mcp_protocol_version": METADATA_VERSION,
        "resource_type": "mcp-server",
    });
    for (name, value) in own(login).into_iter().filter(|(name, _)| name != "resource") {
        fields[snake(&name)] = value;
    }
    let mut response = Response::new(Body::from(fields.to_string()));
    for (name, value) in [
        (header::CONTENT_TYPE, "application/json"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, OPTIONS"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Some(response)
}

/// The answer to who has no good token: where the metadata is.
pub(super) fn unauthorized(login: &McpLogin, request: &request::Parts) -> Response<Body> {
    let body = r#"{"error":"unauthorized","error_description":"JWT token required"}"#;
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let place = format!("{}{PROTECTED_RESOURCE}{}", origin(&resource(login)), request.uri.path());
    if let Ok(value) = HeaderValue::from_str(&format!("Bearer resource_metadata=\"{place}\"")) {
        headers.insert(header::WWW_AUTHENTICATE, value);
    }
    response
}

fn own(login: &McpLogin) -> Map<String, Value> {
    serde_json::from_str(&login.metadata).unwrap_or_default()
}

fn resource(login: &McpLogin) -> String {
    own(login).get("resource").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Scheme, host and port of a URL.
fn origin(url: &str) -> &str {
    let from = url.find("://").map_or(0, |at| at + 3);
    url[from..].find('/').map_or(url, |at| &url[..from + at])
}

/// `scopesSupported` is `scopes_supported` in the metadata.
fn snake(name: &str) -> String {
    name.chars().fold(String::new(), |mut text, letter| {
        if letter.is_ascii_uppercase() {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
        text
    })
}
