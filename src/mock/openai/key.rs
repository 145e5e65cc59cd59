//! Who may call.

use super::Refusal;
use http::{HeaderMap, StatusCode, header};

/// Lets requests pass that bring a good key as bearer.
pub(super) fn check(headers: &HeaderMap) -> Result<(), Refusal> {
    let refuse = |message: String| Err(Refusal::of_request(StatusCode::UNAUTHORIZED, Some("invalid_api_key"), message));
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Some(key) = bearer(given) else {
        return refuse(
            "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer \
             auth (i.e. Authorization: Bearer YOUR_KEY). You can obtain an API key from \
             https://platform.openai.com/account/api-keys."
                .to_owned(),
        );
    };
    if key.starts_with("sk-") && !key.contains("invalid") {
        return Ok(());
    }
    refuse(format!(
        "Incorrect API key provided: {}. You can find your API key at https://platform.openai.com/account/api-keys.",
        hidden(key)
    ))
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, key) = value.split_once(' ')?;
    let key = key.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !key.is_empty()).then_some(key)
}

/// The first characters of a key, as the vendor shows a wrong one; the rest is stars.
fn hidden(key: &str) -> String {
    let shown: String = key.chars().take(3).collect();
    format!("{shown}{}", "*".repeat(key.chars().count().saturating_sub(3).min(16)))
}
