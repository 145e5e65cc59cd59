//! Bedrock's paths.

use super::answer::Reply;
use super::ask::{Ask, check_model};
use super::frames::{frames, respond};
use super::guard::guard;
use super::invoke;
use super::read::read;
use super::refusal::Refusal;
use super::shapes::COUNT_TOKENS_REQUEST;
use crate::mock::cue::Cue;
use axum::body::Bytes;
use axum::extract::Path;
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::{Value, json};

const LISTED: [(&str, &str, &str); 3] = [
    ("anthropic.claude-sonnet-4-5-20250929-v1:0", "Claude Sonnet 4.5", "TEXT"),
    ("amazon.nova-lite-v1:0", "Nova Lite", "TEXT"),
    ("amazon.titan-embed-text-v2:0", "Titan Text Embeddings V2", "EMBEDDING"),
];

/// Everything that this mock serves.
pub(in crate::mock) fn router() -> Router {
    Router::new()
        .route("/model/{model}/converse", post(converse))
        .route("/model/{model}/converse-stream", post(converse_stream))
        .route("/model/{model}/invoke", post(invoke_model))
        .route("/model/{model}/invoke-with-response-stream", post(invoke_stream))
        .route("/model/{model}/count-tokens", post(count_tokens))
        .route("/foundation-models", get(list_models))
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .layer(from_fn(guard))
}

async fn converse(Path(model): Path<String>, Extension(cue): Extension<Cue>, body: Bytes) -> Response {
    match Ask::read(&model, &body) {
        Ok(ask) => Json(Reply::to(&ask, &cue).whole()).into_response(),
        Err(refusal) => refusal.respond(&cue.seed),
    }
}

async fn converse_stream(Path(model): Path<String>, Extension(cue): Extension<Cue>, body: Bytes) -> Response {
    match Ask::read(&model, &body) {
        Ok(ask) => respond(frames(&Reply::to(&ask, &cue))),
        Err(refusal) => refusal.respond(&cue.seed),
    }
}

async fn invoke_model(
    Path(model): Path<String>,
    Extension(cue): Extension<Cue>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let seed = cue.seed.clone();
    invoke::invoke(&model, false, cue, &headers, &body).await.unwrap_or_else(|refusal| refusal.respond(&seed))
}

async fn invoke_stream(
    Path(model): Path<String>,
    Extension(cue): Extension<Cue>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let seed = cue.seed.clone();
    match invoke::invoke(&model, true, cue, &headers, &body).await {
        Ok(mut response) => {
            let kind = HeaderValue::from_static("application/json");
            response.headers_mut().insert("x-amzn-bedrock-content-type", kind);
            response
        }
        Err(refusal) => refusal.respond(&seed),
    }
}

async fn count_tokens(Path(model): Path<String>, Extension(cue): Extension<Cue>, body: Bytes) -> Response {
    match count(&model, &cue, &body).await {
        Ok(count) => Json(json!({ "inputTokens": count })).into_response(),
        Err(refusal) => refusal.respond(&cue.seed),
    }
}

async fn count(model: &str, cue: &Cue, body: &[u8]) -> Result<u64, Refusal> {
    let request = read(&COUNT_TOKENS_REQUEST, body)?;
    check_model(model)?;
    if let Some(inner) = request["input"]["invokeModel"]["body"].as_str() {
        let inner = STANDARD.decode(inner).unwrap_or_default();
        return invoke::count(model, &inner, cue.clone()).await;
    }
    Ok(Ask::understand(&request["input"]["converse"])?.wish.prompt)
}

async fn list_models() -> Json<Value> {
    let model = |(id, name, output): (&str, &str, &str)| {
        json!({
            "modelArn": format!("arn:aws:bedrock:us-east-1::foundation-model/{id}"),
            "modelId": id,
            "modelName": name,
            "providerName": if id.starts_with("amazon") { "Amazon" } else { "Anthropic" },
            "inputModalities": ["TEXT"],
            "outputModalities": [output],
            "responseStreamingSupported": output == "TEXT",
            "customizationsSupported": [],
            "inferenceTypesSupported": ["ON_DEMAND"],
            "modelLifecycle": { "status": "ACTIVE" },
        })
    };
    Json(json!({ "modelSummaries": LISTED.map(model) }))
}

async fn unknown(Extension(cue): Extension<Cue>) -> Response {
    let refusal =
        Refusal::of(StatusCode::NOT_FOUND, "UnknownOperationException", "The requested operation was not found.");
    refusal.respond(&cue.seed)
}
