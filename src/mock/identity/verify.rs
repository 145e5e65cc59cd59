//! What is thought of a token.

use super::issuer::Site;
use super::provider::Provider;
use crate::exchange::TokenVerdict;
use crate::mock::trust::TrustError;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use serde_json::{Map, Value};

/// Checks a token as a careful resource server does: its form, its key, its signature, `iss`, `exp`, `nbf`, and `aud` where
/// an audience is given. There is no leeway.
pub(in crate::mock) async fn verify(
    provider: &Provider,
    site: &Site,
    token: &str,
    audience: Option<&str>,
) -> Result<TokenVerdict, TrustError> {
    let Ok(header) = decode_header(token) else {
        return Ok(bad("its head is malformed or names no algorithm that is known"));
    };
    let Some(id) = &header.kid else {
        return Ok(bad("its head names no key"));
    };
    let keys = provider.keys(&site.realm).await?;
    let Some(key) = keys.all().into_iter().find(|key| key.id == *id) else {
        return Ok(bad(&format!("the key {id} is not in the set")));
    };
    if header.alg != key.algorithm {
        return Ok(bad(&format!("it says {:?}, but the key {id} is for {:?}", header.alg, key.algorithm)));
    }
    let verdict = match decode::<Map<String, Value>>(token, &key.checking, &demands(site, key.algorithm, audience)) {
        Ok(data) => TokenVerdict { good: true, why: None, claims: Some(data.claims) },
        Err(error) => bad(&reason(error.kind())),
    };
    Ok(verdict)
}

fn demands(site: &Site, algorithm: Algorithm, audience: Option<&str>) -> Validation {
    let mut demands = Validation::new(algorithm);
    demands.leeway = 0;
    demands.validate_nbf = true;
    demands.set_issuer(&[&site.issuer]);
    demands.set_required_spec_claims(&["exp", "iss"]);
    match audience {
        Some(audience) => {
            demands.set_audience(&[audience]);
            demands.set_required_spec_claims(&["exp", "iss", "aud"]);
        }
        None => demands.validate_aud = false,
    }
    demands
}

fn bad(why: &str) -> TokenVerdict {
    TokenVerdict { good: false, why: Some(why.to_owned()), claims: None }
}

fn reason(kind: &ErrorKind) -> String {
    match kind {
        ErrorKind::ExpiredSignature => "it has expired".to_owned(),
        ErrorKind::ImmatureSignature => "it is not good yet".to_owned(),
        ErrorKind::InvalidIssuer => "it is from another issuer".to_owned(),
        ErrorKind::InvalidAudience => "it is for another audience".to_owned(),
        ErrorKind::InvalidSignature => "its signature is wrong".to_owned(),
        ErrorKind::MissingRequiredClaim(claim) => format!("it has no claim `{claim}`"),
        other => format!("it is malformed: {other:?}"),
    }
}
