//! The two paths of the webhook.

use super::action::action;
use super::content::Texts;
use crate::exchange::GuardAction;
use crate::mock::cue::{Cue, Seed};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Json, Router};
use bytes::Bytes;
use http::{Method, StatusCode, Uri};
use serde_json::{Value, json};

/// Everything that is served.
pub(in crate::mock) fn router() -> Router {
    Router::new()
        .route("/request", post(request))
        .route("/response", post(response))
        .method_not_allowed_fallback(|method: Method| async move {
            refusal(StatusCode::METHOD_NOT_ALLOWED, &format!("{method} is not allowed here; POST is"))
        })
        .fallback(|uri: Uri| async move {
            let words = format!("there is nothing at {}; there are /request and /response", uri.path());
            refusal(StatusCode::NOT_FOUND, &words)
        })
}

/// The refusal of a fault, and of what cannot be understood.
pub(in crate::mock) fn refuse(_: &Seed, status: StatusCode, message: Option<&str>) -> Response {
    refusal(status, message.or(status.canonical_reason()).unwrap_or("refused"))
}

fn refusal(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "error": message }))).into_response()
}

async fn request(Extension(cue): Extension<Cue>, body: Bytes) -> Response {
    let wanted = cue.orders.guard.as_ref().map(|guard| &guard.request);
    answer(&body, wanted, |call| Texts::of_request(call))
}

async fn response(Extension(cue): Extension<Cue>, body: Bytes) -> Response {
    let wanted = cue.orders.guard.as_ref().map(|guard| &guard.response);
    answer(&body, wanted, |call| Texts::of_response(call))
}

fn answer(
    body: &[u8],
    wanted: Option<&GuardAction>,
    texts: impl for<'a> Fn(&'a mut Value) -> Result<Texts<'a>, String>,
) -> Response {
    let mut call: Value = match serde_json::from_slice(body) {
        Ok(call) => call,
        Err(error) => return refusal(StatusCode::BAD_REQUEST, &format!("the body is not JSON: {error}")),
    };
    match texts(&mut call) {
        Ok(mut texts) => Json(action(&mut texts, wanted)).into_response(),
        Err(message) => refusal(StatusCode::BAD_REQUEST, &message),
    }
}
