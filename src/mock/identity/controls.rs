//! What the admin API of the mocks does with the identity provider.

use super::issuer::{Site, is_name};
use super::mint::mint;
use super::provider::{Provider, realm_or_first};
use super::verify::verify;
use crate::exchange::{TokenQuestion, TokenWish};
use crate::mock::MockEndpoint;
use crate::mock::trust::TrustError;
use axum::extract::{FromRequest, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use std::sync::Arc;

/// `POST /tokens`, `POST /verify`, `POST /rotate`.
pub(in crate::mock) fn controls(provider: Provider) -> Router {
    Router::new()
        .route("/tokens", post(tokens))
        .route("/verify", post(check))
        .route("/rotate", post(rotate))
        .with_state(provider)
}

/// All mocks of the process: this one listens at one of them.
type Endpoints = Extension<Arc<[MockEndpoint]>>;

/// The JSON of a request; one that does not fit is refused in words.
struct Asked<T>(T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Asked<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        match Json::from_request(request, state).await {
            Ok(Json(asked)) => Ok(Self(asked)),
            Err(rejection) => Err(refusal(rejection.status(), &rejection.body_text())),
        }
    }
}

/// A realm as those see it who ask the listener itself.
fn site(provider: &Provider, endpoints: &[MockEndpoint], realm: Option<&str>) -> Result<Site, Box<Response>> {
    let realm = realm_or_first(realm);
    if !is_name(realm) {
        let message = "The name of a realm has letters, digits and hyphens, 63 at most.";
        return Err(Box::new(refusal(StatusCode::BAD_REQUEST, message)));
    }
    let ours = endpoints.iter().find(|endpoint| endpoint.name == "identity");
    Ok(Site::at(provider, ours.map_or("", |endpoint| &endpoint.base_url), realm))
}

async fn tokens(State(provider): State<Provider>, endpoints: Endpoints, Asked(wish): Asked<TokenWish>) -> Response {
    match site(&provider, &endpoints, wish.realm.as_deref()) {
        Ok(site) => answer(mint(&provider, &site, &wish).await),
        Err(refusal) => *refusal,
    }
}

async fn check(
    State(provider): State<Provider>,
    endpoints: Endpoints,
    Asked(question): Asked<TokenQuestion>,
) -> Response {
    match site(&provider, &endpoints, question.realm.as_deref()) {
        Ok(site) => answer(verify(&provider, &site, &question.token, question.audience.as_deref()).await),
        Err(refusal) => *refusal,
    }
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Rotation {
    realm: Option<String>,
}

async fn rotate(State(provider): State<Provider>, endpoints: Endpoints, Asked(rotation): Asked<Rotation>) -> Response {
    let site = match site(&provider, &endpoints, rotation.realm.as_deref()) {
        Ok(site) => site,
        Err(refusal) => return *refusal,
    };
    provider.rotate(&site.realm);
    let keys = provider.keys(&site.realm).await;
    answer(keys.map(|keys| json!({ "keys": keys.all().map(|key| key.id.clone()) })))
}

fn answer(made: Result<impl serde::Serialize, TrustError>) -> Response {
    match made {
        Ok(made) => Json(made).into_response(),
        Err(error) => refusal(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}

fn refusal(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "error": message }))).into_response()
}
