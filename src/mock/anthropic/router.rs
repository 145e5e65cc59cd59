//! Anthropic's paths.

use super::refusal::Refusal;
use super::request::Ask;
use super::{events, headers, message, models};
use crate::mock::cue::Cue;
use crate::mock::stream::{self, WriteError};
use axum::body::Bytes;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::{Value, json};
use std::collections::HashMap;

/// What Anthropic says with every answer to a good key.
const HEADERS: [(&str, &str); 7] = [
    ("anthropic-organization-id", "00000000-0000-4000-8000-000000000000"),
    ("anthropic-ratelimit-requests-limit", "4000"),
    ("anthropic-ratelimit-requests-remaining", "3999"),
    ("anthropic-ratelimit-requests-reset", "2026-01-01T00:00:00Z"),
    ("anthropic-ratelimit-tokens-limit", "480000"),
    ("anthropic-ratelimit-tokens-remaining", "480000"),
    ("anthropic-ratelimit-tokens-reset", "2026-01-01T00:00:00Z"),
];

/// Everything that this mock serves.
pub(in crate::mock) fn router() -> Router {
    Router::new()
        .route("/v1/messages", post(messages))
        .route("/v1/messages/count_tokens", post(count_tokens))
        .route("/v1/models", get(list_models))
        .route("/v1/models/{id}", get(one_model))
        .layer(map_response(with_headers))
        .fallback(unknown_path)
        .method_not_allowed_fallback(wrong_method)
}

async fn with_headers(mut response: Response) -> Response {
    if response.status() != StatusCode::UNAUTHORIZED {
        for (name, value) in HEADERS {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
    }
    response
}

async fn messages(Extension(cue): Extension<Cue>, headers: HeaderMap, body: Bytes) -> Response {
    match headers::check(&headers, true) {
        Ok(()) => answer(&body, &cue),
        Err(refusal) => refusal.respond(&cue.seed),
    }
}

/// The answer to the body of a request that was let in.
pub(in crate::mock) fn answer(body: &[u8], cue: &Cue) -> Response {
    let ask = match Ask::read(body) {
        Ok(ask) => ask,
        Err(refusal) => return refusal.respond(&cue.seed),
    };
    let said = ask.said(cue);
    if !ask.is_stream {
        return Json(message::body(&ask, &said, cue)).into_response();
    }
    let mut response = stream::respond(events::events(&ask, &said, cue).into_iter());
    let seed = cue.seed.clone();
    response.extensions_mut().insert(WriteError::by(move |status, _| events::error(&seed, status)));
    response
}

async fn count_tokens(Extension(cue): Extension<Cue>, headers: HeaderMap, body: Bytes) -> Response {
    let ask = headers::check(&headers, true).and_then(|()| Ask::read_to_count(&body));
    respond(ask.map(|ask| json!({ "input_tokens": ask.prompt_cost() })), &cue)
}

async fn list_models(
    Extension(cue): Extension<Cue>,
    query: Result<Query<HashMap<String, String>>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let query = query.map(|Query(query)| query).unwrap_or_default();
    respond(headers::check(&headers, false).and_then(|()| models::page(&query)), &cue)
}

async fn one_model(
    Extension(cue): Extension<Cue>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    // An id that is not UTF-8 is one that nobody has.
    let id = id.map(|Path(id)| id).unwrap_or_default();
    respond(headers::check(&headers, false).and_then(|()| models::one(&id)), &cue)
}

fn respond(answer: Result<Value, Refusal>, cue: &Cue) -> Response {
    match answer {
        Ok(body) => Json(body).into_response(),
        Err(refusal) => refusal.respond(&cue.seed),
    }
}

async fn unknown_path(Extension(cue): Extension<Cue>) -> Response {
    Refusal::with(StatusCode::NOT_FOUND, "Not Found").respond(&cue.seed)
}

async fn wrong_method(Extension(cue): Extension<Cue>) -> Response {
    Refusal::with(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed").respond(&cue.seed)
}
