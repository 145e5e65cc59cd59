//! OpenAI's paths.

use super::legacy::Completion;
use super::responses::{self, ResponseRequest};
use super::{Chat, Refusal, check, chunks, completion, embeddings, key, models};
use crate::mock::cue::Cue;
use crate::mock::stream;
use axum::body::Bytes;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use serde_json::{Map, Value, json};

/// What OpenAI says with every answer to a good key.
const HEADERS: [(&str, &str); 9] = [
    ("openai-organization", "agw-sandbox"),
    ("openai-processing-ms", "12"),
    ("openai-version", "2020-10-01"),
    ("x-ratelimit-limit-requests", "10000"),
    ("x-ratelimit-limit-tokens", "2000000"),
    ("x-ratelimit-remaining-requests", "9999"),
    ("x-ratelimit-remaining-tokens", "1999999"),
    ("x-ratelimit-reset-requests", "6ms"),
    ("x-ratelimit-reset-tokens", "0s"),
];

/// Everything that this mock serves.
pub(in crate::mock) fn router() -> Router {
    Router::new()
        .route("/v1/chat/completions", post(chat_completions))
        .route("/v1/responses", post(respond))
        .route("/v1/responses/input_tokens", post(input_tokens))
        .route("/v1/responses/{id}", get(stored_response).delete(stored_response))
        .route("/v1/embeddings", post(embed_texts))
        .route("/v1/completions", post(completions))
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

async fn chat_completions(Extension(cue): Extension<Cue>, headers: HeaderMap, body: Bytes) -> Response {
    match key::check(&headers).and_then(|()| Chat::read(&headers, &body)) {
        Ok(chat) => complete(&chat, &cue),
        Err(refusal) => refusal.into_response(),
    }
}

/// The answer to a chat that was understood, in the form that it asks for.
pub(in crate::mock) fn complete(chat: &Chat, cue: &Cue) -> Response {
    let said = chat.said(cue);
    if chat.is_stream {
        return stream::respond(chunks::events(chat, said, cue));
    }
    Json(completion::body(chat, &said, cue)).into_response()
}

async fn respond(Extension(cue): Extension<Cue>, headers: HeaderMap, body: Bytes) -> Response {
    match key::check(&headers).and_then(|()| response_request(&headers, &body)) {
        Ok(request) => responses::respond(request, &cue),
        Err(refusal) => refusal.into_response(),
    }
}

fn response_request(headers: &HeaderMap, body: &[u8]) -> Result<ResponseRequest, Refusal> {
    ResponseRequest::of(&check::object(headers, body)?)
}

async fn input_tokens(headers: HeaderMap, body: Bytes) -> Response {
    match key::check(&headers).and_then(|()| response_request(&headers, &body)) {
        Ok(request) => {
            let count = json!({ "object": "response.input_tokens", "input_tokens": request.prompt_cost() });
            Json(count).into_response()
        }
        Err(refusal) => refusal.into_response(),
    }
}

/// Nothing is kept, so no stored response is ever found.
async fn stored_response(id: Result<Path<String>, PathRejection>, headers: HeaderMap) -> Response {
    if let Err(refusal) = key::check(&headers) {
        return refusal.into_response();
    }
    let id: String = id.map(|Path(id)| id).unwrap_or_default().chars().take(200).collect();
    Refusal::of_request(StatusCode::NOT_FOUND, None, format!("Response with id '{id}' not found.")).into_response()
}

async fn embed_texts(headers: HeaderMap, body: Bytes) -> Response {
    let request = key::check(&headers).and_then(|()| check::object(&headers, &body));
    request.and_then(|request| embed(&request)).unwrap_or_else(Refusal::into_response)
}

/// The answer to a request for embeddings.
pub(in crate::mock) fn embed(request: &Map<String, Value>) -> Result<Response, Refusal> {
    embeddings::body(request).map(|answer| Json(answer).into_response())
}

async fn completions(Extension(cue): Extension<Cue>, headers: HeaderMap, body: Bytes) -> Response {
    let request = key::check(&headers).and_then(|()| check::object(&headers, &body));
    request.and_then(|request| complete_text(&request, &cue)).unwrap_or_else(Refusal::into_response)
}

/// The answer to a request for a legacy completion.
pub(in crate::mock) fn complete_text(request: &Map<String, Value>, cue: &Cue) -> Result<Response, Refusal> {
    let request = Completion::read(request)?;
    if request.is_stream {
        return Ok(stream::respond(request.events(cue).into_iter()));
    }
    Ok(Json(request.body(cue)).into_response())
}

async fn list_models(headers: HeaderMap) -> Response {
    match key::check(&headers) {
        Ok(()) => models::list(),
        Err(refusal) => refusal.into_response(),
    }
}

async fn one_model(id: Result<Path<String>, PathRejection>, headers: HeaderMap) -> Response {
    match key::check(&headers) {
        // An id that is not UTF-8 is one that nobody has.
        Ok(()) => models::one(&id.map(|Path(id)| id).unwrap_or_default()),
        Err(refusal) => refusal.into_response(),
    }
}

async fn unknown_path(method: Method, uri: Uri) -> Refusal {
    Refusal::of_request(StatusCode::NOT_FOUND, None, format!("Invalid URL ({method} {})", uri.path()))
}

async fn wrong_method(method: Method, uri: Uri) -> Refusal {
    let message =
        format!("Not allowed to {method} on {} (HINT: Perhaps you meant to use a different HTTP method?)", uri.path());
    Refusal::of_request(StatusCode::METHOD_NOT_ALLOWED, Some("method_not_supported"), message)
}
