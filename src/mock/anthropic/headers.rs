//! Who may call, and with which headers.

use super::refusal::Refusal;
use http::{HeaderMap, StatusCode, header};

const VERSIONS: [&str; 3] = ["2026-10-21", "2023-06-01", "2023-01-01"];

/// Refuses calls without a good key, a version or, where they have a body, its type.
pub(super) fn check(headers: &HeaderMap, has_body: bool) -> Result<(), Refusal> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    check_key(text("x-api-key"), text(header::AUTHORIZATION.as_str()))?;
    check_version(headers)?;
    let content_type = text(header::CONTENT_TYPE.as_str()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if !has_body || essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(Refusal::invalid("Content-Type must be application/json"))
}

/// Refuses calls without a version, and unknown betas.
pub(super) fn check_version(headers: &HeaderMap) -> Result<(), Refusal> {
    match headers.get("anthropic-version").map(|value| value.to_str().unwrap_or_default()) {
        None => return Err(Refusal::invalid("anthropic-version: header is required")),
        Some(version) if !VERSIONS.contains(&version) => {
            return Err(Refusal::invalid(format!("anthropic-version: \"{version}\" is not a valid version")));
        }
        Some(_) => {}
    }
    let betas = headers.get_all("anthropic-beta").iter().flat_map(|value| value.to_str().unwrap_or("?").split(','));
    let unknown: Vec<&str> = betas.map(str::trim).filter(|beta| !beta.is_empty() && !is_beta(beta)).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    Err(Refusal::invalid(format!(
        "Unexpected value(s) `{}` for the `anthropic-beta` header. Please consult our documentation at \
         docs.anthropic.com or try again without the header.",
        unknown.join("`, `")
    )))
}

/// Whether it has the form of a beta: words, and a date at the end.
fn is_beta(name: &str) -> bool {
    let mut parts = name.rsplitn(4, '-');
    let mut is_number = |digits: usize| {
        parts.next().is_some_and(|part| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    is_number(2) && is_number(2) && is_number(4) && parts.next().is_some_and(|words| !words.is_empty())
}

fn check_key(key: Option<&str>, authorization: Option<&str>) -> Result<(), Refusal> {
    let refuse = |message: &str| Err(Refusal::with(StatusCode::UNAUTHORIZED, message));
    let is_good = |key: &str| key.starts_with("sk-") && !key.contains("invalid");
    match (key, authorization.and_then(|value| value.strip_prefix("Bearer "))) {
        (Some(key), _) if is_good(key) => Ok(()),
        (Some(_), _) => refuse("invalid x-api-key"),
        (None, Some(token)) if is_good(token) => Ok(()),
        (None, Some(_)) => refuse("Invalid bearer token"),
        (None, None) => refuse("x-api-key header is required"),
    }
}
