//! Exports over HTTP. Source: the specification of OTLP, "OTLP/HTTP".

use super::arrive::{Form, unpacked};
use super::batch::Batch;
use super::store::Sink;
use crate::mock::cue::{Cue, Seed};
use crate::mock::grpc::{code_of, google_status};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Json, Router};
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, Uri, header};
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message;
use serde_json::json;

/// The paths that are served.
pub(in crate::mock) fn router(sink: &Sink) -> Router {
    Router::new()
        .route(ExportTraceServiceRequest::PATH, post(export::<ExportTraceServiceRequest>))
        .route(ExportLogsServiceRequest::PATH, post(export::<ExportLogsServiceRequest>))
        .route(ExportMetricsServiceRequest::PATH, post(export::<ExportMetricsServiceRequest>))
        .method_not_allowed_fallback(|method: Method| async move {
            refusal(StatusCode::METHOD_NOT_ALLOWED, Form::Json, &format!("{method} is not allowed here; POST is"))
        })
        .fallback(|uri: Uri| async move {
            let words = format!("there is nothing at {}; there are /v1/traces, /v1/logs and /v1/metrics", uri.path());
            refusal(StatusCode::NOT_FOUND, Form::Json, &words)
        })
        .with_state(sink.clone())
}

/// The refusal of a fault.
pub(in crate::mock) fn refuse(_: &Seed, status: StatusCode, message: Option<&str>) -> Response {
    refusal(status, Form::Json, message.or(status.canonical_reason()).unwrap_or("refused"))
}

/// A status in the form of the request.
fn refusal(status: StatusCode, form: Form, message: &str) -> Response {
    let code = code_of(status);
    match form {
        Form::Binary => (status, typed(form), google_status(code, message).encode_to_vec()).into_response(),
        Form::Json => (status, Json(json!({ "code": code as i32, "message": message }))).into_response(),
    }
}

async fn export<B: Batch>(
    State(sink): State<Sink>,
    Extension(cue): Extension<Cue>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Some(form) = Form::of(content_type) else {
        let words = "the content type is application/x-protobuf or application/json";
        return refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, Form::Json, words);
    };
    let body = match unpacked(&headers, &body) {
        Ok(body) => body,
        Err((status, message)) => return refusal(status, form, &message),
    };
    match form.read::<B>(&body) {
        Ok(batch) => answer(form, &batch.take(&sink, &cue.lane)),
        Err(message) => refusal(StatusCode::BAD_REQUEST, form, &format!("the body cannot be read: {message}")),
    }
}

fn answer<A: Message + serde::Serialize>(form: Form, answer: &A) -> Response {
    match form {
        Form::Binary => (typed(form), answer.encode_to_vec()).into_response(),
        // All taken: nothing is to be said.
        Form::Json if answer.encoded_len() == 0 => Json(json!({})).into_response(),
        Form::Json => Json(answer).into_response(),
    }
}

fn typed(form: Form) -> [(header::HeaderName, &'static str); 1] {
    [(header::CONTENT_TYPE, form.content_type())]
}
