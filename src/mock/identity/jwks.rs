//! The set of keys (RFC 7517).

use super::provider::Provider;
use super::realm::{Keys, Trouble};
use super::refusal::OAuthError;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::{Value, json};

/// The set of keys of a realm, in the state that the realm's name stands for.
pub(super) async fn jwks(provider: &Provider, realm: &str) -> Result<Response, OAuthError> {
    let trouble = Trouble::of(realm);
    if let Some(pause) = trouble.and_then(Trouble::pause) {
        tokio::time::sleep(pause).await;
    }
    if trouble == Some(Trouble::Down) {
        return Ok((StatusCode::SERVICE_UNAVAILABLE, "The keys are not to be had.").into_response());
    }
    let keys = match trouble {
        Some(Trouble::Empty) => Vec::new(),
        Some(Trouble::BadKey) => others(&provider.keys(realm).await?, &provider.keys("nobody").await?),
        _ => provider.keys(realm).await?.all().map(|key| key.shown.clone()).to_vec(),
    };
    let body = match trouble {
        Some(Trouble::Junk) => "{\"keys\": [".to_owned(),
        _ => json!({ "keys": keys }).to_string(),
    };
    // Who caches learns of a rotation by an id that it does not know.
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "public, max-age=60")];
    Ok((headers, body).into_response())
}

/// Other keys under the ids of these.
fn others(keys: &Keys, others: &Keys) -> Vec<Value> {
    let wrong = others.es256.shown.clone();
    let shown = keys.all().map(|key| {
        let mut shown = if key.shown["kty"] == "EC" { wrong.clone() } else { key.shown.clone() };
        if let (Some(n), "RSA") = (shown["n"].as_str(), shown["kty"].as_str().unwrap_or_default()) {
            // Some other number of the same length.
            shown["n"] = n.chars().rev().collect::<String>().into();
        }
        shown["kid"] = key.id.clone().into();
        shown
    });
    shown.to_vec()
}
