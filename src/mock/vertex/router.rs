//! Vertex AI's paths.

use super::{claude, predict::predict, token};
use crate::mock::cue::Cue;
use crate::mock::gemini::{Ask, Dialect, Form, Refusal, embedding, forward, google_json, stream};
use axum::body::Bytes;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use http::{HeaderMap, Method, StatusCode, Uri};
use serde_json::{Value, json};

const DIALECT: Dialect = Dialect { package: "google.cloud.aiplatform.v1" };
const LISTED: [&str; 3] = ["gemini-2.5-pro", "gemini-2.5-flash", "text-embedding-005"];
/// Names that begin like this stand for models that do not exist.
const ABSENT: &str = "no-such-model";

/// Project, location, publisher, and model with method.
type Target = (String, String, String, String);

/// Everything that this mock serves.
pub(in crate::mock) fn router() -> Router {
    let versions = ["v1", "v1beta1"];
    versions
        .into_iter()
        .fold(Router::new(), |router, version| {
            let project = format!("/{version}/projects/{{project}}/locations/{{location}}");
            router
                .route(&format!("{project}/publishers/{{publisher}}/models/{{target}}"), post(call))
                .route(&format!("{project}/endpoints/openapi/chat/completions"), post(chat_completions))
                .route(&format!("{project}/endpoints/openapi/embeddings"), post(embeddings))
                .route(&format!("/{version}/publishers/{{publisher}}/models"), get(list_models))
                .route(&format!("/{version}/publishers/{{publisher}}/models/{{model}}"), get(one_model))
        })
        .fallback(unknown_path)
        .method_not_allowed_fallback(unknown_path)
}

async fn call(
    Path((project, location, publisher, target)): Path<Target>,
    Query(query): Query<Vec<(String, String)>>,
    Extension(cue): Extension<Cue>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if let Err(refusal) = token::check(&headers) {
        return refusal.into_response();
    }
    let Some((model, method)) = target.rsplit_once(':') else {
        return unknown_path(Method::POST, uri).await;
    };
    if model.starts_with(ABSENT) {
        return absent(&project, &location, &publisher, model).into_response();
    }
    if publisher == "anthropic" && matches!(method, "rawPredict" | "streamRawPredict") {
        return claude::raw_predict(model, cue, &headers, &body).await;
    }
    let wants_events = query.iter().any(|(name, value)| (name == "alt" || name == "$alt") && value == "sse");
    match answer(&publisher, model, method, wants_events, &cue, &body) {
        Ok(Some(response)) => response,
        Ok(None) => unknown_path(Method::POST, uri).await,
        Err(refusal) if method == "streamGenerateContent" && !wants_events => refusal.in_list(),
        Err(refusal) => refusal.into_response(),
    }
}

/// The answer to a method of one of Google's models; none when there is no such method.
fn answer(
    publisher: &str,
    model: &str,
    method: &str,
    wants_events: bool,
    cue: &Cue,
    body: &[u8],
) -> Result<Option<Response>, Refusal> {
    if publisher != "google" {
        return Ok(None);
    }
    let json = |body| google_json(StatusCode::OK, &body);
    let form = match method {
        "countTokens" => return Ask::count(model, body, DIALECT).map(json).map(Some),
        "predict" => return predict(model, body, DIALECT).map(json).map(Some),
        "embedContent" => return embedding(model, body, DIALECT).map(json).map(Some),
        "generateContent" => Form::Whole,
        "streamGenerateContent" if wants_events => Form::Events,
        "streamGenerateContent" => Form::List,
        _ => return Ok(None),
    };
    Ok(Some(stream(&Ask::read(model, body, DIALECT)?, cue, form)))
}

async fn chat_completions(Extension(cue): Extension<Cue>, headers: HeaderMap, body: Bytes) -> Response {
    compatible("/v1/chat/completions", cue, &headers, body).await
}

async fn embeddings(Extension(cue): Extension<Cue>, headers: HeaderMap, body: Bytes) -> Response {
    compatible("/v1/embeddings", cue, &headers, body).await
}

async fn compatible(path: &str, cue: Cue, headers: &HeaderMap, body: Bytes) -> Response {
    if let Err(refusal) = token::check(headers) {
        return refusal.in_list();
    }
    forward(path, cue, headers, body).await.unwrap_or_else(|refusal| refusal.in_list())
}

async fn list_models(Path(publisher): Path<String>, headers: HeaderMap) -> Response {
    match token::check(&headers) {
        Ok(()) => {
            let models: Vec<Value> = LISTED.iter().map(|name| model(&publisher, name)).collect();
            google_json(StatusCode::OK, &json!({ "publisherModels": models }))
        }
        Err(refusal) => refusal.into_response(),
    }
}

async fn one_model(Path((publisher, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    match token::check(&headers) {
        Ok(()) if name.starts_with(ABSENT) => Refusal::with(
            StatusCode::NOT_FOUND,
            format!("Publisher Model `publishers/{publisher}/models/{name}` not found."),
        )
        .into_response(),
        Ok(()) => google_json(StatusCode::OK, &model(&publisher, &name)),
        Err(refusal) => refusal.into_response(),
    }
}

fn model(publisher: &str, name: &str) -> Value {
    json!({
        "name": format!("publishers/{publisher}/models/{name}"),
        "versionId": "default",
        "openSourceCategory": "PROPRIETARY",
        "launchStage": "GA",
    })
}

fn absent(project: &str, location: &str, publisher: &str, model: &str) -> Refusal {
    let message = format!(
        "Publisher Model `projects/{project}/locations/{location}/publishers/{publisher}/models/{model}` was not found or \
         your project does not have access to it. Please ensure you are using a valid model version. For more \
         information, see: https://cloud.google.com/vertex-ai/generative-ai/docs/learn/model-versions"
    );
    Refusal::with(StatusCode::NOT_FOUND, message)
}

async fn unknown_path(method: Method, uri: Uri) -> Response {
    let message = format!("The requested URL {method} {} was not found on this server.", uri.path());
    Refusal::with(StatusCode::NOT_FOUND, message).into_response()
}
