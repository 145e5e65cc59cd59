//! Introspection of tokens (RFC 7662).

use super::client::Client;
use super::form::Parameters;
use super::issuer::Site;
use super::provider::Provider;
use super::refusal::OAuthError;
use super::verify::verify;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, header};
use serde_json::{Map, json};

/// `POST /introspect`: whether a token is good, for clients that have a secret.
pub(super) async fn introspect(
    State(provider): State<Provider>,
    site: Site,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, OAuthError> {
    let client = Client::of(&headers, &parameters)?;
    if !client.is_confidential {
        return Err(OAuthError::client("Only a client with a secret may ask about tokens.", false));
    }
    let verdict = verify(&provider, &site, parameters.need("token")?, None).await?;
    let mut answer = Map::from_iter([("active".to_owned(), verdict.good.into())]);
    if verdict.good {
        answer.insert("token_type".to_owned(), json!("Bearer"));
    }
    // Nothing is told of a token that is not good (section 2.2).
    answer.extend(verdict.claims.unwrap_or_default());
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}
