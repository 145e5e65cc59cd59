//! Ollama's paths.

use super::chat::{self, Outcome};
use super::models::{self, Model, absent};
use super::refusal::{JSON, PLAIN_JSON, Refusal, answer, words};
use super::{compatible, embed, generate, show};
use crate::mock::cue::Cue;
use crate::mock::pieces;
use crate::mock::stream::WriteError;
use axum::body::Bytes;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use http::{StatusCode, header};
use serde_json::{Value, json};

/// The release that is played.
const VERSION: &str = "0.17.4";

/// Everything that this mock serves.
pub(in crate::mock) fn router() -> Router {
    Router::new()
        .route("/", get(async || "Ollama is running"))
        .route("/api/version", get(async || answer(StatusCode::OK, JSON, &json!({ "version": VERSION }))))
        .route("/api/tags", get(async || answer(StatusCode::OK, JSON, &models::tags())))
        .route("/api/ps", get(async || answer(StatusCode::OK, JSON, &models::loaded())))
        .route("/api/show", post(async |body: Bytes| native(show::show(&body))))
        .route("/api/embed", post(async |body: Bytes| native(embed::embed(&body))))
        .route("/api/embeddings", post(async |body: Bytes| native(embed::embeddings(&body))))
        .route("/api/chat", post(chat_lines))
        .route("/api/generate", post(generate_lines))
        .route("/v1/models", get(async || answer(StatusCode::OK, PLAIN_JSON, &models::compatible_list())))
        .route("/v1/models/{id}", get(one_model))
        .route("/v1/embeddings", post(async |body: Bytes| compatible::embeddings(&body)))
        .route("/v1/completions", post(async |cue: Extension<Cue>, body: Bytes| compatible::text(&body, &cue)))
        .route("/v1/chat/completions", post(async |cue: Extension<Cue>, body: Bytes| compatible::chat(&body, &cue)))
        .fallback(async || plain(StatusCode::NOT_FOUND, "404 page not found"))
        .method_not_allowed_fallback(async || plain(StatusCode::METHOD_NOT_ALLOWED, "405 method not allowed"))
}

fn native(answered: Result<Value, Refusal>) -> Response {
    answered.map_or_else(IntoResponse::into_response, |body| answer(StatusCode::OK, JSON, &body))
}

async fn chat_lines(Extension(cue): Extension<Cue>, body: Bytes) -> Response {
    match chat::read(&body, &cue) {
        Ok(Outcome::Loaded(loaded)) => answer(StatusCode::OK, JSON, &loaded),
        Ok(Outcome::Asked { ask, is_stream: true }) => lines(chat::lines(&ask, &cue)),
        Ok(Outcome::Asked { ask, .. }) => answer(StatusCode::OK, JSON, &chat::whole(&ask, &cue)),
        Err(refusal) => refusal.into_response(),
    }
}

async fn generate_lines(Extension(cue): Extension<Cue>, body: Bytes) -> Response {
    match generate::read(&body, &cue) {
        Ok((Outcome::Loaded(loaded), _)) => answer(StatusCode::OK, JSON, &loaded),
        Ok((Outcome::Asked { ask, is_stream: true }, context)) => lines(generate::lines(&ask, &cue, context)),
        Ok((Outcome::Asked { ask, .. }, context)) => {
            answer(StatusCode::OK, JSON, &generate::whole(&ask, &cue, context))
        }
        Err(refusal) => refusal.into_response(),
    }
}

fn lines(lines: Vec<Value>) -> Response {
    let line = |line: &Value| Bytes::from(format!("{line}\n"));
    let error = WriteError::by(move |status, _| line(&json!({ "error": words(status) })));
    pieces::respond_with("application/x-ndjson", lines.into_iter().map(move |value| line(&value)), error)
}

async fn one_model(Path(name): Path<String>) -> Response {
    match Model::find(&name) {
        Some(_) => answer(StatusCode::OK, PLAIN_JSON, &models::compatible(&name)),
        None => absent(&name).compatible(false),
    }
}

fn plain(status: StatusCode, text: &'static str) -> Response {
    (status, [(header::CONTENT_TYPE, "text/plain")], text).into_response()
}
