//! The way of a request to a vendor that forgives.

use super::admit::admit;
use super::lean::{plain, split};
use crate::mock::cue::Cue;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::request::Parts;
use http::{Method, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Map, Value};
use tower::ServiceExt;

/// How many fields are tried one by one; further ones are left out.
const MOST_TRIALS: usize = 64;

/// The vendor without its strictness: no credentials are looked at, and of a request that it refuses those fields are
/// left out that it does not understand. What is no JSON, too large, or asks for what there is not is refused still.
pub(in crate::mock) fn lenient(vendor: Router, mock: &'static str) -> Router {
    Router::new().fallback(move |request: Request| forgive(vendor.clone(), mock, request))
}

async fn forgive(vendor: Router, mock: &'static str, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    // The layer has read the body already, so this neither waits nor fails.
    let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    admit(mock, &mut parts);
    let refusal = ask(&vendor, &parts, body.clone()).await;
    if !is_forgiven(refusal.status()) || parts.method != Method::POST {
        return refusal;
    }
    let Ok(Value::Object(request)) = serde_json::from_slice(&body) else { return refusal };
    match understood(&vendor, &parts, &request).await {
        Some(request) => ask(&vendor, &parts, written(&request)).await,
        None => refusal,
    }
}

fn is_forgiven(status: StatusCode) -> bool {
    matches!(status, StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY)
}

/// As much of the request as the vendor understands.
async fn understood(vendor: &Router, parts: &Parts, request: &Map<String, Value>) -> Option<Map<String, Value>> {
    let trial = on_trial(parts);
    let (mut kept, others) = split(request);
    if !passes(vendor, &trial, &kept).await {
        kept = plain(request, parts.uri.path());
        if !passes(vendor, &trial, &kept).await {
            return None;
        }
    }
    for (name, value) in others.into_iter().take(MOST_TRIALS) {
        kept.insert(name.clone(), value);
        if !passes(vendor, &trial, &kept).await {
            kept.shift_remove(&name);
        }
    }
    Some(kept)
}

/// The same request with a cue that uses up no reply of the lane.
fn on_trial(parts: &Parts) -> Parts {
    let mut trial = parts.clone();
    if let Some(cue) = parts.extensions.get::<Cue>() {
        let seed = cue.seed.clone();
        trial.extensions.insert(Cue { answer: Some(String::new()), seed, ..Cue::default() });
    }
    trial
}

async fn passes(vendor: &Router, parts: &Parts, request: &Map<String, Value>) -> bool {
    !is_forgiven(ask(vendor, parts, written(request)).await.status())
}

fn written(request: &Map<String, Value>) -> Bytes {
    // A map whose keys are texts can always be written.
    serde_json::to_vec(request).unwrap_or_default().into()
}

async fn ask(vendor: &Router, parts: &Parts, body: Bytes) -> Response {
    let request = Request::from_parts(parts.clone(), Body::from(body));
    vendor.clone().oneshot(request).await.into_response()
}
