//! The UserInfo endpoint (OpenID Connect Core 1.0, section 5.3).

use super::issuer::Site;
use super::provider::Provider;
use super::refusal::OAuthError;
use super::verify::verify;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use serde_json::json;

/// What a request without a token is asked for: the challenge has no code then (RFC 6750, section 3.1).
const ASK: &str = "Bearer realm=\"agw-sandbox\"";
const BAD: &str = "Bearer realm=\"agw-sandbox\", error=\"invalid_token\"";

/// `GET /userinfo`: who a token is about.
pub(super) async fn userinfo(
    State(provider): State<Provider>,
    site: Site,
    headers: HeaderMap,
) -> Result<Response, OAuthError> {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let token = given.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let Some((_, token)) = token else {
        return Ok((StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, ASK)]).into_response());
    };
    let verdict = verify(&provider, &site, token.trim(), None).await?;
    let Some(claims) = verdict.claims else {
        return Err(OAuthError::bearer(BAD, verdict.why.unwrap_or_default()));
    };
    let subject = claims.get("sub").and_then(|subject| subject.as_str()).unwrap_or_default();
    let email = format!("{subject}@sandbox.example");
    Ok(Json(json!({ "sub": subject, "name": subject, "preferred_username": subject, "email": email })).into_response())
}
