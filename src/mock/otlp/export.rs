//! Exports over gRPC. Source: the specification of OTLP, "OTLP/gRPC".

use super::batch::Batch;
use super::store::Sink;
use crate::mock::grpc::{Call, unary};
use axum::Router;
use axum::routing::MethodRouter;
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;

/// The methods that are served.
pub(in crate::mock) fn router(sink: &Sink) -> Router {
    Router::new()
        .route(ExportTraceServiceRequest::METHOD, export::<ExportTraceServiceRequest>(sink))
        .route(ExportLogsServiceRequest::METHOD, export::<ExportLogsServiceRequest>(sink))
        .route(ExportMetricsServiceRequest::METHOD, export::<ExportMetricsServiceRequest>(sink))
}

fn export<B: Batch>(sink: &Sink) -> MethodRouter {
    let sink = sink.clone();
    unary(move |call: &Call, batch: B| Ok(batch.take(&sink, &call.cue.lane)))
}
