//! Tokens. Source: facts/proxy.md 4 and facts/manifests.md 2.3.

use super::{location, mcp_login};
use crate::gateway::{
    Mutant,
    proxy::{is_since, refusal::Refusal, scope::Claims, shared::Acting, telemetry::Account},
    table::{JwtAuth, JwtMode, JwtProvider},
};
use http::request;
use jsonwebtoken::{Validation, decode, decode_header};
use serde_json::{Map, Value};

/// What beside the policy decides how tokens are looked at.
#[derive(Debug, Clone, Copy)]
pub struct Manners<'a> {
    /// The misbehaviour of the moment.
    pub acting: Acting,
    /// The release that is played.
    pub release: &'a str,
}

/// Lets a request pass or not. A good token is taken away, and its claims are kept for rules.
pub fn check(
    policy: &JwtAuth,
    manners: Manners<'_>,
    account: &Account,
    request: &mut request::Parts,
) -> Result<(), Refusal> {
    if let Some(login) = &policy.mcp
        && let Some(answer) = mcp_login::metadata(policy, login, request)
    {
        return Err(Refusal::Direct(Box::new(answer)));
    }
    let refused = |problem: String, request: &request::Parts| match &policy.mcp {
        Some(_) if manners.acting.is(Mutant::McpLoginSkipped) => Ok(()),
        Some(login) => Err(Refusal::Direct(Box::new(mcp_login::unauthorized(login, request)))),
        None => Err(Refusal::Jwt(problem)),
    };
    let Some(token) = location::find(&policy.location, request) else {
        return match policy.mode {
            JwtMode::Strict => refused("no bearer token found".to_owned(), request),
            JwtMode::Optional | JwtMode::Permissive => Ok(()),
        };
    };
    let claims = match verify(policy, &token, manners) {
        Ok(claims) => claims,
        Err(_) if policy.mode == JwtMode::Permissive => return Ok(()),
        Err(problem) => return refused(problem, request),
    };
    if let Some(Value::String(sub)) = claims.get("sub") {
        account.note(|facts| facts.jwt_sub = Some(sub.clone()));
    }
    if !manners.acting.is(Mutant::TokenForwarded) {
        location::remove(&policy.location, request);
    }
    request.extensions.insert(Claims(Value::Object(claims)));
    Ok(())
}

/// The claims of a token that a provider has signed, or what is wrong with it, in the real proxy's words.
pub fn verify(policy: &JwtAuth, token: &str, manners: Manners<'_>) -> Result<Map<String, Value>, String> {
    let header = decode_header(token).map_err(|error| format!("the token header is malformed: {error:?}"))?;
    let id = header.kid.ok_or("the token header does not specify a `kid`")?;
    let known = policy.providers.iter().find_map(|provider| Some((provider, provider.keys.key(&id)?)));
    let (provider, key) = known.ok_or_else(|| format!("token uses the unknown key {id:?}"))?;
    let validation = validation(provider, &key.validation, manners);
    let decoded = decode::<Map<String, Value>>(token, &key.decoding, &validation);
    decoded.map(|token| token.claims).map_err(|error| format!("the token is invalid or malformed: {error:?}"))
}

/// `exp` must be there and `nbf` is not looked at, as in the real proxy; from 1.5 on (facts/conformance.md B.5 POL-05) what
/// is compared must be there too.
fn validation(provider: &JwtProvider, key: &Validation, manners: Manners<'_>) -> Validation {
    let mut validation = key.clone();
    match provider.audiences.as_slice() {
        [] => validation.validate_aud = false,
        audiences => validation.set_audience(audiences),
    }
    validation.set_issuer(&[&provider.issuer]);
    let required: &[&str] = match (is_since(manners.release, (1, 5)), validation.validate_aud) {
        (false, _) => &["exp"],
        (true, false) => &["exp", "iss"],
        (true, true) => &["exp", "iss", "aud"],
    };
    validation.set_required_spec_claims(required);
    validation.validate_exp = !manners.acting.is(Mutant::ExpiryIgnored);
    validation
}
