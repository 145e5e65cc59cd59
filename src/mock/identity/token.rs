//! The token endpoint (RFC 6749, section 3.2).

use super::client::Client;
use super::form::Parameters;
use super::grants::Grant;
use super::issuer::Site;
use super::mint::{now, signed};
use super::pkce;
use super::provider::Provider;
use super::refusal::OAuthError;
use crate::exchange::{DEFAULT_AUDIENCE, DEFAULT_TTL, TokenAlgorithm};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, header};
use serde_json::{Map, Value, json};

/// `POST /token`.
pub(super) async fn token(
    State(provider): State<Provider>,
    site: Site,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, OAuthError> {
    let kind = parameters.need("grant_type")?;
    let client = Client::of(&headers, &parameters)?;
    let (grant, may_refresh) = match kind {
        "client_credentials" => (own(&site, &client, &parameters)?, false),
        "authorization_code" => (coded(&provider, &site, &client, &parameters)?, true),
        "refresh_token" => (refreshed(&provider, &site, &client, &parameters)?, true),
        other => return Err(OAuthError::new("unsupported_grant_type", format!("There is no grant {other}."))),
    };
    let mut answer = issued(&provider, &site, &grant).await?;
    if may_refresh {
        answer.insert("refresh_token".to_owned(), provider.grants.refresh(grant).into());
    }
    Ok(([(header::CACHE_CONTROL, "no-store"), (header::PRAGMA, "no-cache")], Json(answer)).into_response())
}

/// What a client may do in its own name (RFC 6749, section 4.4).
fn own(site: &Site, client: &Client, parameters: &Parameters) -> Result<Grant, OAuthError> {
    if !client.is_confidential {
        let description = "Only a client with a secret may use client_credentials.";
        return Err(OAuthError::new("unauthorized_client", description));
    }
    Ok(Grant {
        realm: site.realm.clone(),
        client: client.id.clone(),
        subject: client.id.clone(),
        scope: scope(parameters)?.unwrap_or_default().to_owned(),
        audience: parameters.get("resource").or(parameters.get("audience")).map(str::to_owned),
        nonce: None,
    })
}

/// What a user granted with a code (RFC 6749, section 4.1.3).
fn coded(provider: &Provider, site: &Site, client: &Client, parameters: &Parameters) -> Result<Grant, OAuthError> {
    let (code, redirect_uri) = (parameters.need("code")?, parameters.need("redirect_uri")?);
    let verifier = parameters.need("code_verifier")?;
    let coded = provider.grants.use_code(code);
    let coded = coded.ok_or_else(|| OAuthError::grant("The code is unknown, was used before, or is over."))?;
    check_owner(site, client, &coded.grant)?;
    if coded.redirect_uri != redirect_uri {
        return Err(OAuthError::grant("The redirect_uri is not the one of the authorization request."));
    }
    pkce::check(&coded.challenge, verifier)?;
    Ok(coded.grant)
}

/// What was granted before (RFC 6749, section 6).
fn refreshed(provider: &Provider, site: &Site, client: &Client, parameters: &Parameters) -> Result<Grant, OAuthError> {
    let grant = provider.grants.use_refresh(parameters.need("refresh_token")?);
    let mut grant =
        grant.ok_or_else(|| OAuthError::grant("The refresh token is unknown, was used before, or is over."))?;
    check_owner(site, client, &grant)?;
    if let Some(narrower) = scope(parameters)? {
        let granted: Vec<&str> = grant.scope.split(' ').collect();
        if narrower.split(' ').any(|wanted| !granted.contains(&wanted)) {
            return Err(OAuthError::new("invalid_scope", "The scope is wider than what was granted."));
        }
        grant.scope = narrower.to_owned();
    }
    Ok(grant)
}

fn check_owner(site: &Site, client: &Client, grant: &Grant) -> Result<(), OAuthError> {
    if grant.client != client.id || grant.realm != site.realm {
        return Err(OAuthError::grant("It was granted to another client."));
    }
    Ok(())
}

/// The scope of a request, where it names one (RFC 6749, section 3.3).
pub(super) fn scope(parameters: &Parameters) -> Result<Option<&str>, OAuthError> {
    let Some(scope) = parameters.get("scope") else { return Ok(None) };
    let is_letter = |letter: u8| matches!(letter, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    let is_good = |name: &str| !name.is_empty() && name.bytes().all(is_letter) && !name.contains("invalid");
    if !scope.split(' ').all(is_good) {
        return Err(OAuthError::new("invalid_scope", "The scope is malformed or unknown."));
    }
    Ok(Some(scope))
}

/// The answer to a grant: an access token (RFC 9068), and an ID token where OpenID Connect is spoken.
async fn issued(provider: &Provider, site: &Site, grant: &Grant) -> Result<Map<String, Value>, OAuthError> {
    let key = provider.key(&site.realm, TokenAlgorithm::Es256).await?;
    let begin = now();
    let (end, scope) = (begin + DEFAULT_TTL, (!grant.scope.is_empty()).then_some(grant.scope.as_str()));
    let access = object(json!({
        "iss": site.issuer,
        "sub": grant.subject,
        "aud": grant.audience.as_deref().unwrap_or(DEFAULT_AUDIENCE),
        "iat": begin,
        "exp": end,
        "jti": uuid::Uuid::new_v4().to_string(),
        "client_id": grant.client,
        "scope": scope,
    }));
    let mut answer = object(json!({
        "access_token": signed(&key, "at+jwt", &access)?,
        "token_type": "Bearer",
        "expires_in": DEFAULT_TTL,
        "scope": scope,
    }));
    if grant.scope.split(' ').any(|name| name == "openid") {
        let id = object(json!({
            "iss": site.issuer,
            "sub": grant.subject,
            "aud": grant.client,
            "iat": begin,
            "exp": end,
            "auth_time": begin,
            "nonce": grant.nonce,
        }));
        answer.insert("id_token".to_owned(), signed(&key, "JWT", &id)?.into());
    }
    Ok(answer)
}

/// The members that have a value.
fn object(value: Value) -> Map<String, Value> {
    let Value::Object(members) = value else { return Map::new() };
    members.into_iter().filter(|(_, value)| !value.is_null()).collect()
}
