//! Azure's paths.

use super::refusal::AzureRefusal;
use super::{access, filter, version};
use crate::mock::cue::Cue;
use crate::mock::openai::{self, Chat, ResponseRequest};
use crate::mock::{anthropic, openai::object};
use axum::body::Bytes;
use axum::extract::Path;
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use http::{HeaderMap, HeaderValue, Uri};
use std::collections::HashMap;

/// Deployments whose names begin like this are not there.
const ABSENT: &str = "no-such";
/// What Azure says with every answer.
const HEADERS: [(&str, &str); 5] = [
    ("x-ms-region", "Sandbox"),
    ("x-ms-client-request-id", "Not-Set"),
    ("x-content-type-options", "nosniff"),
    ("x-ratelimit-remaining-requests", "999"),
    ("x-ratelimit-remaining-tokens", "99999"),
];

/// One kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    Chat,
    Responses,
    Embeddings,
    Completions,
}

/// Everything that this mock serves.
pub(in crate::mock) fn router() -> Router {
    let mut router = Router::new();
    let operations = [
        ("chat/completions", Operation::Chat),
        ("responses", Operation::Responses),
        ("embeddings", Operation::Embeddings),
        ("completions", Operation::Completions),
    ];
    for (path, operation) in operations {
        let v1 = post(move |extension, uri, headers, body| v1(operation, extension, uri, headers, body));
        router = router
            .route(&format!("/openai/v1/{path}"), v1.clone())
            .route(&format!("/api/projects/{{project}}/openai/v1/{path}"), v1);
        let of_deployment = post(move |extension, parameters, uri, headers, body| {
            deployment(operation, extension, parameters, uri, headers, body)
        });
        if operation != Operation::Responses {
            router = router.route(&format!("/openai/deployments/{{deployment}}/{path}"), of_deployment);
        }
    }
    router
        .route("/openai/responses", post(dated_responses))
        .route("/openai/models", get(dated_models))
        .route("/openai/v1/models", get(v1_models))
        .route("/anthropic/v1/messages", post(claude))
        .layer(map_response(with_headers))
        .fallback(unknown_path)
        .method_not_allowed_fallback(unknown_path)
}

async fn with_headers(mut response: Response) -> Response {
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn v1(
    operation: Operation,
    Extension(cue): Extension<Cue>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let checked = access::check(&headers).and_then(|()| version::check_v1(uri.query()));
    match checked {
        Ok(()) => answer(operation, None, &cue, &headers, &body).await,
        Err(refusal) => refusal.into_response(),
    }
}

async fn deployment(
    operation: Operation,
    Extension(cue): Extension<Cue>,
    Path(parameters): Path<HashMap<String, String>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let name = parameters.get("deployment").map(String::as_str).unwrap_or_default();
    let checked = access::check(&headers).and_then(|()| version::check_dated(uri.query()));
    match checked {
        Ok(()) if name.starts_with(ABSENT) => AzureRefusal::no_deployment().into_response(),
        Ok(()) => answer(operation, Some(name), &cue, &headers, &body).await,
        Err(refusal) => refusal.into_response(),
    }
}

async fn dated_responses(Extension(cue): Extension<Cue>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    match access::check(&headers).and_then(|()| version::check_dated(uri.query())) {
        Ok(()) => answer(Operation::Responses, None, &cue, &headers, &body).await,
        Err(refusal) => refusal.into_response(),
    }
}

/// The answer to a request that was let in. The deployment of a path stands for the model.
async fn answer(
    operation: Operation,
    deployment: Option<&str>,
    cue: &Cue,
    headers: &HeaderMap,
    body: &[u8],
) -> Response {
    match understood(operation, deployment, cue, headers, body) {
        Ok(response) if operation == Operation::Chat || operation == Operation::Completions => {
            filter::judged(response).await
        }
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    }
}

fn understood(
    operation: Operation,
    deployment: Option<&str>,
    cue: &Cue,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response, AzureRefusal> {
    let mut request = object(headers, body)?;
    match deployment {
        Some(name) => {
            request.insert("model".to_owned(), name.into());
        }
        None if request.get("model").and_then(|model| model.as_str()).is_some_and(|name| name.starts_with(ABSENT)) => {
            return Err(AzureRefusal::no_deployment());
        }
        None => {}
    }
    if let Some(harm) = filter::blocked(body) {
        return Err(AzureRefusal::Filter(harm));
    }
    Ok(match operation {
        Operation::Chat => openai::complete(&Chat::of(&request)?, cue),
        Operation::Responses => openai::respond(ResponseRequest::of(&request)?, cue),
        Operation::Embeddings => openai::embed(&request)?,
        Operation::Completions => openai::complete_text(&request, cue)?,
    })
}

async fn dated_models(uri: Uri, headers: HeaderMap) -> Response {
    let checked = access::check(&headers).and_then(|()| version::check_dated(uri.query()));
    checked.map_or_else(AzureRefusal::into_response, |()| openai::list_models())
}

async fn v1_models(uri: Uri, headers: HeaderMap) -> Response {
    let checked = access::check(&headers).and_then(|()| version::check_v1(uri.query()));
    checked.map_or_else(AzureRefusal::into_response, |()| openai::list_models())
}

/// Claude in Foundry: Anthropic's format behind Azure's door.
async fn claude(Extension(cue): Extension<Cue>, headers: HeaderMap, body: Bytes) -> Response {
    let has_key = headers.contains_key("x-api-key");
    match access::check(&headers) {
        Err(refusal) if !has_key => refusal.into_response(),
        _ => anthropic::answer(&body, &cue),
    }
}

async fn unknown_path() -> AzureRefusal {
    AzureRefusal::not_found()
}
