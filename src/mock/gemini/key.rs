//! Who may call.

use super::refusal::Refusal;
use http::{HeaderMap, StatusCode, header};
use serde_json::json;

const SERVICE: &str = "generativelanguage.googleapis.com";
/// Parameters that every method takes beside its own.
const PARAMETERS: [&str; 11] = [
    "key",
    "alt",
    "$alt",
    "prettyPrint",
    "fields",
    "callback",
    "quotaUser",
    "access_token",
    "pageSize",
    "pageToken",
    "$.xgafv",
];

/// The query, decoded.
pub(super) type Query = Vec<(String, String)>;

/// Lets requests pass that bring a good key, in the header or in the query.
pub(super) fn check(headers: &HeaderMap, query: &Query) -> Result<(), Refusal> {
    let in_header = headers.get("x-goog-api-key").and_then(|value| value.to_str().ok());
    let in_query = query.iter().find(|(name, _)| name == "key").map(|(_, key)| key.as_str());
    let Some(key) = in_header.or(in_query).filter(|key| !key.is_empty()) else {
        let message = "Method doesn't allow unregistered callers (callers without established identity). Please use \
                       API Key or other form of API consumer identity to call this API.";
        return Err(Refusal::with(StatusCode::FORBIDDEN, message));
    };
    judge(key)
}

/// Lets requests of the compatible paths pass.
pub(super) fn check_bearer(headers: &HeaderMap) -> Result<(), Refusal> {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match given.split_once(' ') {
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") && !key.trim().is_empty() => judge(key),
        _ => Err(Refusal::invalid("Missing or invalid Authorization header.")),
    }
}

/// Refuses parameters that no method has.
pub(super) fn check_query(query: &Query) -> Result<(), Refusal> {
    match query.iter().find(|(name, _)| !PARAMETERS.contains(&name.as_str())) {
        None => Ok(()),
        Some((name, _)) => {
            let message = format!(
                "Invalid JSON payload received. Unknown name \"{name}\": Cannot bind query parameter. Field '{name}' \
                 could not be found in request message."
            );
            let mut refusal = Refusal::invalid(message.clone());
            refusal.details.push(json!({
                "@type": "type.googleapis.com/google.rpc.BadRequest",
                "fieldViolations": [{ "description": message }],
            }));
            Err(refusal)
        }
    }
}

fn judge(key: &str) -> Result<(), Refusal> {
    if !key.contains("invalid") {
        return Ok(());
    }
    let message = "API key not valid. Please pass a valid API key.";
    let mut refusal = Refusal::invalid(message).because("API_KEY_INVALID", SERVICE);
    refusal.details.push(json!({
        "@type": "type.googleapis.com/google.rpc.LocalizedMessage",
        "locale": "en-US",
        "message": message,
    }));
    Err(refusal)
}
