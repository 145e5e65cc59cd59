//! Who may call.

use crate::mock::gemini::Refusal;
use http::{HeaderMap, StatusCode, header};

const SERVICE: &str = "aiplatform.googleapis.com";

/// Lets requests pass that bring a good access token.
pub(super) fn check(headers: &HeaderMap) -> Result<(), Refusal> {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let token = given.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let refuse = |message: &str, reason| Err(Refusal::with(StatusCode::UNAUTHORIZED, message).because(reason, SERVICE));
    match token.map(|(_, token)| token.trim()).filter(|token| !token.is_empty()) {
        Some(token) if !token.contains("invalid") => Ok(()),
        Some(_) => refuse(
            "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid \
             authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
            "ACCESS_TOKEN_TYPE_UNSUPPORTED",
        ),
        None if headers.contains_key("x-goog-api-key") => refuse(
            "API keys are not supported by this API. Expected OAuth2 access token or other authentication credentials \
             that assert a principal. See https://cloud.google.com/docs/authentication",
            "CREDENTIALS_MISSING",
        ),
        None => refuse(
            "Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other \
             valid authentication credential. See \
             https://developers.google.com/identity/sign-in/web/devconsole-project.",
            "CREDENTIALS_MISSING",
        ),
    }
}
