//! The OpenAI-compatible paths: OpenAI's mock answers, and Google refuses.

use super::refusal::Refusal;
use crate::mock::cue::Cue;
use crate::mock::openai;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::response::Response;
use http::{HeaderMap, Request, header};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

/// Lets OpenAI's mock answer at one of its own paths; a refusal of it becomes one of Google's.
pub(in crate::mock) async fn forward(
    path: &str,
    cue: Cue,
    headers: &HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let mut request = Request::post(path).header(header::AUTHORIZATION, "Bearer sk-compatible").extension(cue);
    if let Some(kind) = headers.get(header::CONTENT_TYPE) {
        request = request.header(header::CONTENT_TYPE, kind);
    }
    let request = request.body(Body::from(body)).map_err(|failure| Refusal::invalid(failure.to_string()))?;
    let router: Router = openai::router();
    // The error of a router is uninhabited.
    let Ok(response) = router.oneshot(request).await;
    if response.status().is_success() {
        return Ok(response);
    }
    let status = response.status();
    let refused = response.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let refused: Value = serde_json::from_slice(&refused).unwrap_or_default();
    Err(Refusal::with(status, refused["error"]["message"].as_str().unwrap_or("Request contains an invalid argument.")))
}
