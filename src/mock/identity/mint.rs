//! Tokens as they are wished.

use super::issuer::Site;
use super::key::Key;
use super::provider::Provider;
use crate::exchange::{DEFAULT_AUDIENCE, DEFAULT_TTL, MintedToken, TokenAlgorithm, TokenFlaw, TokenWish};
use crate::mock::trust::TrustError;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Header, encode};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Who tokens are about that name nobody.
const SOMEBODY: &str = "sandbox-user";
/// How long ago an expired token ended, in seconds: longer than the leeway of any verifier.
const LONG_OVER: u64 = 300;
/// In how many seconds a token begins that is not good yet.
const FAR_AHEAD: u64 = 3_600;
const WRONG_ISSUER: &str = "https://wrong-issuer.example";
const WRONG_AUDIENCE: &str = "wrong-audience";

/// Seconds since 1970.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// Makes the token.
pub(super) async fn mint(provider: &Provider, site: &Site, wish: &TokenWish) -> Result<MintedToken, TrustError> {
    let claims = claims(site, wish, now());
    let key = key(provider, site, wish).await?;
    let has = |flaw| wish.flaws.contains(&flaw);
    let mut header = Header::new(key.algorithm);
    if !has(TokenFlaw::NoKid) {
        header.kid = Some(if has(TokenFlaw::WrongKey) { named(provider, site, wish).await? } else { key.id.clone() });
    }
    if has(TokenFlaw::AlgNone) {
        return Ok(unsigned(claims));
    }
    let token = encode(&header, &claims, &key.signing)?;
    // A head has a form in JSON: it has just been written in it.
    Ok(minted(token, serde_json::to_value(&header).unwrap_or_default(), claims))
}

/// The same with a head that says what kind of token it is.
pub(super) fn signed(key: &Key, kind: &str, claims: &Map<String, Value>) -> Result<String, TrustError> {
    let header = Header { typ: Some(kind.to_owned()), kid: Some(key.id.clone()), ..Header::new(key.algorithm) };
    Ok(encode(&header, claims, &key.signing)?)
}

fn minted(token: String, header: Value, claims: Map<String, Value>) -> MintedToken {
    let expires_at = claims.get("exp").and_then(Value::as_u64);
    MintedToken { token, header, claims, expires_at }
}

fn claims(site: &Site, wish: &TokenWish, now: u64) -> Map<String, Value> {
    let has = |flaw| wish.flaws.contains(&flaw);
    let ttl = wish.ttl_seconds.unwrap_or(DEFAULT_TTL);
    let (begin, end) = match () {
        () if has(TokenFlaw::Expired) => (now.saturating_sub(LONG_OVER + ttl), now.saturating_sub(LONG_OVER)),
        () if has(TokenFlaw::NotYet) => (now + FAR_AHEAD, now.saturating_add(FAR_AHEAD).saturating_add(ttl)),
        () => (now, now.saturating_add(ttl)),
    };
    let issuer = match &wish.issuer {
        _ if has(TokenFlaw::WrongIssuer) => WRONG_ISSUER,
        Some(issuer) => issuer,
        None => &site.issuer,
    };
    let audience = match wish.audience.as_slice() {
        _ if has(TokenFlaw::WrongAudience) => json!(WRONG_AUDIENCE),
        [] => json!(DEFAULT_AUDIENCE),
        [one] => json!(one),
        several => json!(several),
    };
    let mut claims = Map::new();
    claims.insert("iss".to_owned(), issuer.into());
    claims.insert("sub".to_owned(), wish.subject.as_deref().unwrap_or(SOMEBODY).into());
    claims.insert("aud".to_owned(), audience);
    claims.insert("iat".to_owned(), begin.min(now).into());
    claims.insert("nbf".to_owned(), begin.into());
    claims.insert("exp".to_owned(), end.into());
    claims.insert("jti".to_owned(), uuid::Uuid::new_v4().to_string().into());
    claims.extend(wish.claims.clone());
    claims.retain(|name, _| !wish.without.contains(name));
    claims
}

async fn key(provider: &Provider, site: &Site, wish: &TokenWish) -> Result<Arc<Key>, TrustError> {
    let algorithm = wish.algorithm.unwrap_or(TokenAlgorithm::Es256);
    if wish.flaws.contains(&TokenFlaw::WrongKey) {
        provider.wrong_key(algorithm).await
    } else if wish.flaws.contains(&TokenFlaw::Rotated) {
        provider.rotated_key(&site.realm, algorithm).await
    } else {
        provider.key(&site.realm, algorithm).await
    }
}

/// The id of the key that should have signed.
async fn named(provider: &Provider, site: &Site, wish: &TokenWish) -> Result<String, TrustError> {
    let algorithm = wish.algorithm.unwrap_or(TokenAlgorithm::Es256);
    Ok(provider.key(&site.realm, algorithm).await?.id.clone())
}

/// An unsecured token (RFC 7519, section 6), which nobody should take.
fn unsigned(claims: Map<String, Value>) -> MintedToken {
    let header = json!({ "alg": "none", "typ": "JWT" });
    let part = |text: String| URL_SAFE_NO_PAD.encode(text);
    let token = format!("{}.{}.", part(header.to_string()), part(Value::Object(claims.clone()).to_string()));
    minted(token, header, claims)
}
