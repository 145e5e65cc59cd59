//! Everything that the identity provider serves.

use super::issuer::Site;
use super::metadata::metadata;
use super::provider::Provider;
use super::refusal::OAuthError;
use super::{authorize, introspect, jwks, register, token, userinfo};
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use http::{Method, StatusCode, Uri};
use serde_json::Value;

/// The names of the document under which clients look for it.
const DOCUMENTS: [&str; 2] = ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"];
/// Where a realm is that is not the first.
const REALM: &str = "/realms/{realm}";

/// The endpoints at the root, and those of each realm.
pub(in crate::mock) fn router(provider: Provider) -> Router {
    let mut router = realm("").merge(realm(REALM));
    // RFC 8414, section 3.1: the well-known part stands before the path of the issuer.
    for document in DOCUMENTS {
        router = router.route(&format!("{document}{REALM}"), get(discovered));
    }
    router.fallback(unknown_path).with_state(provider)
}

fn realm(path: &str) -> Router<Provider> {
    let at = |rest: &str| format!("{path}{rest}");
    let router =
        DOCUMENTS.into_iter().fold(Router::new(), |router, document| router.route(&at(document), get(discovered)));
    router
        .route(&at("/jwks"), get(keys))
        .route(&at("/.well-known/jwks.json"), get(keys))
        .route(&at("/authorize"), get(authorize::by_query).post(authorize::by_form))
        .route(&at("/token"), post(token::token))
        .route(&at("/introspect"), post(introspect::introspect))
        .route(&at("/userinfo"), get(userinfo::userinfo).post(userinfo::userinfo))
        .route(&at("/register"), post(register::register))
}

async fn discovered(site: Site) -> Json<Value> {
    Json(metadata(&site))
}

async fn keys(State(provider): State<Provider>, site: Site) -> Result<Response, OAuthError> {
    jwks::jwks(&provider, &site.realm).await
}

async fn unknown_path(method: Method, uri: Uri) -> OAuthError {
    let description = format!("There is nothing at {method} {}.", uri.path());
    OAuthError { status: StatusCode::NOT_FOUND, ..OAuthError::request(description) }
}
