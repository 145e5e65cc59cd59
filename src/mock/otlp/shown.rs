//! What was exported and answered, as JSON.

use super::arrive::Form;
use super::batch::Batch;
use crate::mock::LONGEST_BODY;
use crate::mock::grpc::{gunzip, lines};
use crate::mock::recorder::Seen;
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use serde::Serialize;
use serde_json::Value;

/// The message in a body, over gRPC or HTTP.
pub(in crate::mock) fn shown(seen: Seen<'_>) -> Option<String> {
    let path = seen.target.split('?').next().unwrap_or_default();
    let is_of = |method: &str, http: &str| path == method || path == http;
    if is_of(ExportTraceServiceRequest::METHOD, ExportTraceServiceRequest::PATH) {
        batch::<ExportTraceServiceRequest>(seen)
    } else if is_of(ExportLogsServiceRequest::METHOD, ExportLogsServiceRequest::PATH) {
        batch::<ExportLogsServiceRequest>(seen)
    } else if is_of(ExportMetricsServiceRequest::METHOD, ExportMetricsServiceRequest::PATH) {
        batch::<ExportMetricsServiceRequest>(seen)
    } else {
        None
    }
}

fn batch<B: Batch>(seen: Seen<'_>) -> Option<String> {
    if seen.is_answer { message::<B::Answer>(seen) } else { message::<B>(seen) }
}

fn message<M: prost::Message + Default + Serialize>(seen: Seen<'_>) -> Option<String> {
    if seen.content_type.starts_with("application/grpc") {
        return lines(seen, json::<M>);
    }
    let unpacked = (seen.encoding == "gzip").then(|| gunzip(seen.bytes, LONGEST_BODY).ok());
    let bytes = match &unpacked {
        Some(unpacked) => unpacked.as_deref()?,
        None => seen.bytes,
    };
    match Form::of(seen.content_type)? {
        Form::Binary => Some(json(&M::decode(bytes).ok()?).to_string()),
        Form::Json => String::from_utf8(bytes.to_vec()).ok(),
    }
}

fn json<M: Serialize>(message: &M) -> Value {
    // What has been read can be written.
    serde_json::to_value(message).unwrap_or_default()
}
