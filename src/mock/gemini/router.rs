//! Gemini's paths.

use super::chunks::{Form, stream};
use super::embed::{batch, embedding};
use super::key::{self, Query};
use super::read::Dialect;
use super::refusal::{Refusal, google_json};
use super::request::{Ask, check_model};
use super::{compatible, models};
use crate::mock::cue::Cue;
use axum::body::Bytes;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router, extract};
use http::{HeaderMap, Method, StatusCode, Uri};

const DIALECT: Dialect = Dialect { package: "google.ai.generativelanguage.v1beta" };

type Asked = extract::Query<Query>;

/// Everything that this mock serves.
pub(in crate::mock) fn router() -> Router {
    let versions = ["v1", "v1beta", "v1alpha"];
    let native = versions.into_iter().fold(Router::new(), |router, version| {
        router.route(&format!("/{version}/models"), get(list_models)).route(
            &format!("/{version}/models/{{target}}"),
            get(move |target: Path<String>, query: Asked, headers: HeaderMap| {
                one_model(version, target, query, headers)
            })
            .post(
                move |Path(target): Path<String>,
                      query: Asked,
                      cue: Extension<Cue>,
                      headers: HeaderMap,
                      body: Bytes| { call(version, target, query, cue, headers, body) },
            ),
        )
    });
    native
        .route("/v1beta/openai/chat/completions", post(chat_completions))
        .route("/v1beta/openai/embeddings", post(embeddings))
        .route("/v1beta/openai/models", get(compatible_models))
        .route("/v1beta/openai/models/{*id}", get(compatible_model))
        .fallback(unknown_path)
        .method_not_allowed_fallback(unknown_path)
}

/// A method of a model: `gemini-2.5-flash:generateContent`.
async fn call(
    version: &str,
    target: String,
    extract::Query(query): Asked,
    Extension(cue): Extension<Cue>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let wants_events = query.iter().any(|(name, value)| (name == "alt" || name == "$alt") && value == "sse");
    let Some((model, method)) = target.rsplit_once(':') else {
        return not_served(&Method::POST, &format!("/{version}/models/{target}")).into_response();
    };
    let answered = key::check(&headers, &query)
        .and_then(|()| key::check_query(&query))
        .and_then(|()| check_model(model, version, method))
        .and_then(|()| answer(model, method, wants_events, &cue, &body));
    match answered {
        Ok(Some(response)) => response,
        Ok(None) => not_served(&Method::POST, &format!("/{version}/models/{target}")).into_response(),
        Err(refusal) if method == "streamGenerateContent" && !wants_events => refusal.in_list(),
        Err(refusal) => refusal.into_response(),
    }
}

/// The answer to a method; none when there is no such method.
fn answer(model: &str, method: &str, wants_events: bool, cue: &Cue, body: &[u8]) -> Result<Option<Response>, Refusal> {
    let json = |body| google_json(StatusCode::OK, &body);
    let form = match method {
        "countTokens" => return Ask::count(model, body, DIALECT).map(json).map(Some),
        "embedContent" => return embedding(model, body, DIALECT).map(json).map(Some),
        "batchEmbedContents" => return batch(model, body, DIALECT).map(json).map(Some),
        "generateContent" => Form::Whole,
        "streamGenerateContent" if wants_events => Form::Events,
        "streamGenerateContent" => Form::List,
        _ => return Ok(None),
    };
    Ok(Some(stream(&Ask::read(model, body, DIALECT)?, cue, form)))
}

async fn list_models(extract::Query(query): Asked, headers: HeaderMap) -> Response {
    let listed =
        key::check(&headers, &query).and_then(|()| key::check_query(&query)).and_then(|()| models::list(&query));
    listed.map_or_else(IntoResponse::into_response, |body| google_json(StatusCode::OK, &body))
}

async fn one_model(
    version: &str,
    Path(name): Path<String>,
    extract::Query(query): Asked,
    headers: HeaderMap,
) -> Response {
    let found = key::check(&headers, &query).and_then(|()| models::one(&name, version));
    found.map_or_else(IntoResponse::into_response, |body| google_json(StatusCode::OK, &body))
}

async fn chat_completions(Extension(cue): Extension<Cue>, headers: HeaderMap, body: Bytes) -> Response {
    compatible_answer("/v1/chat/completions", cue, &headers, body).await
}

async fn embeddings(Extension(cue): Extension<Cue>, headers: HeaderMap, body: Bytes) -> Response {
    compatible_answer("/v1/embeddings", cue, &headers, body).await
}

async fn compatible_answer(path: &str, cue: Cue, headers: &HeaderMap, body: Bytes) -> Response {
    if let Err(refusal) = key::check_bearer(headers) {
        return refusal.in_list();
    }
    compatible::forward(path, cue, headers, body).await.unwrap_or_else(|refusal| refusal.in_list())
}

async fn compatible_models(headers: HeaderMap) -> Response {
    match key::check_bearer(&headers) {
        Ok(()) => google_json(StatusCode::OK, &models::compatible_list()),
        Err(refusal) => refusal.in_list(),
    }
}

async fn compatible_model(Path(id): Path<String>, headers: HeaderMap) -> Response {
    let name = id.trim_start_matches("models/");
    match key::check_bearer(&headers).and_then(|()| check_model(name, "v1main", "generateContent")) {
        Ok(()) => google_json(StatusCode::OK, &models::compatible(name, name)),
        Err(refusal) => refusal.in_list(),
    }
}

fn not_served(method: &Method, path: &str) -> Refusal {
    let message = format!("The requested URL {method} {path} was not found on this server.");
    Refusal::with(StatusCode::NOT_FOUND, message)
}

async fn unknown_path(method: Method, uri: Uri) -> Response {
    let refusal = not_served(&method, uri.path());
    if uri.path().contains("/openai/") { refusal.in_list() } else { refusal.into_response() }
}
