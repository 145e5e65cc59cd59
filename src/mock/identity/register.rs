//! Registration of clients (RFC 7591).

use super::authorize::is_redirect_uri;
use super::mint::now;
use super::provider::Provider;
use super::refusal::OAuthError;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::{Map, Value, json};

/// How many places to send users back to a client may have.
const MOST_URIS: usize = 32;

/// `POST /register`: every client that says where its users go is taken.
pub(super) async fn register(State(provider): State<Provider>, body: Bytes) -> Result<Response, OAuthError> {
    let wish: Map<String, Value> = serde_json::from_slice(&body)
        .map_err(|_| OAuthError::new("invalid_client_metadata", "The body has to be an object in JSON."))?;
    let redirect_uris = redirect_uris(&wish)?;
    let id = format!("agw-{}", uuid::Uuid::new_v4().simple());
    let method = wish.get("token_endpoint_auth_method").cloned().unwrap_or_else(|| json!("client_secret_basic"));
    let mut answer = wish;
    answer.insert("client_id".to_owned(), json!(id));
    answer.insert("client_id_issued_at".to_owned(), json!(now()));
    answer.entry("grant_types").or_insert_with(|| json!(["authorization_code"]));
    answer.entry("response_types").or_insert_with(|| json!(["code"]));
    if method != "none" {
        let secret = hex::encode(rand::random::<[u8; 16]>());
        answer.insert("client_secret".to_owned(), json!(secret));
        answer.insert("client_secret_expires_at".to_owned(), json!(0));
    }
    answer.insert("token_endpoint_auth_method".to_owned(), method);
    provider.grants.register(id, redirect_uris);
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

/// Where users go: there has to be a place, unless the client only acts in its own name.
fn redirect_uris(wish: &Map<String, Value>) -> Result<Vec<String>, OAuthError> {
    let bad = |description: &str| OAuthError::new("invalid_redirect_uri", description);
    let given = wish.get("redirect_uris").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let is_own = |grants: &Vec<Value>| !grants.contains(&json!("authorization_code"));
    if given.is_empty() && !wish.get("grant_types").and_then(Value::as_array).is_some_and(is_own) {
        return Err(bad("The redirect_uris are missing."));
    }
    if given.len() > MOST_URIS {
        return Err(bad("There are too many redirect_uris."));
    }
    let uris = given.iter().map(|uri| uri.as_str().filter(|uri| is_redirect_uri(uri)).map(str::to_owned));
    uris.collect::<Option<_>>()
        .ok_or_else(|| bad("Every one of redirect_uris has to be an absolute URI without a fragment."))
}
