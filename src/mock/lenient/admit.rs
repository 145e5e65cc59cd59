//! Good credentials, versions and types in place of those that came.

use http::request::Parts;
use http::{HeaderName, HeaderValue, Uri, header};

const JSON: &str = "application/json";
const BEARER: &str = "Bearer sk-sandbox";
/// The parameters that Gemini's lists and streams know; it refuses others.
const GEMINI_PARAMETERS: [&str; 4] = ["alt", "$alt", "pageSize", "pageToken"];
/// A version that every dated path of Azure takes.
const AZURE_VERSION: &str = "api-version=2024-10-21";

/// Gives the request what its vendor wants to see before it reads the body.
pub(super) fn admit(mock: &str, parts: &mut Parts) {
    set(parts, header::CONTENT_TYPE, JSON);
    set(parts, header::AUTHORIZATION, BEARER);
    match mock {
        "anthropic" => {
            parts.headers.remove("anthropic-beta");
            set(parts, HeaderName::from_static("x-api-key"), "sk-sandbox");
            set(parts, HeaderName::from_static("anthropic-version"), "2023-06-01");
        }
        "gemini" => {
            set(parts, HeaderName::from_static("x-goog-api-key"), "sk-sandbox");
            let kept = |pair: &&str| GEMINI_PARAMETERS.contains(&pair.split('=').next().unwrap_or_default());
            let query: Vec<&str> = parts.uri.query().unwrap_or_default().split('&').filter(kept).collect();
            set_query(parts, &query.join("&"));
        }
        "azure" => {
            set(parts, HeaderName::from_static("api-key"), "sk-sandbox");
            let is_dated = !parts.uri.path().contains("/v1/");
            set_query(parts, if is_dated { AZURE_VERSION } else { "" });
        }
        _ => {}
    }
}

fn set(parts: &mut Parts, name: HeaderName, value: &'static str) {
    parts.headers.insert(name, HeaderValue::from_static(value));
}

fn set_query(parts: &mut Parts, query: &str) {
    let path = parts.uri.path().to_owned();
    let target = if query.is_empty() { path } else { format!("{path}?{query}") };
    let mut uri = parts.uri.clone().into_parts();
    // A path that arrived is a path again, and so are parameters that did.
    uri.path_and_query = target.parse().ok().or(uri.path_and_query);
    if let Ok(uri) = Uri::from_parts(uri) {
        parts.uri = uri;
    }
}
