//! The three kinds of export, alike in what is done with them.

use super::outcome::Outcome;
use super::store::Sink;
use super::{logs, metrics, traces};
use crate::exchange::Lane;
use opentelemetry_proto::tonic::collector::logs::v1::{ExportLogsServiceRequest, ExportLogsServiceResponse};
use opentelemetry_proto::tonic::collector::metrics::v1::{ExportMetricsServiceRequest, ExportMetricsServiceResponse};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTracePartialSuccess, ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// An export of one kind.
pub(super) trait Batch: prost::Message + Default + Serialize + DeserializeOwned + 'static {
    /// What is answered.
    type Answer: prost::Message + Default + Serialize + 'static;
    /// The method over gRPC.
    const METHOD: &'static str;
    /// The path over HTTP.
    const PATH: &'static str;

    /// Keeps what is in it.
    fn take(&self, sink: &Sink, lane: &Lane) -> Self::Answer;
}

impl Batch for ExportTraceServiceRequest {
    type Answer = ExportTraceServiceResponse;
    const METHOD: &'static str = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    const PATH: &'static str = "/v1/traces";

    fn take(&self, sink: &Sink, lane: &Lane) -> Self::Answer {
        let Outcome { refused, why } = traces::take(sink, lane, self);
        let partial = ExportTracePartialSuccess { rejected_spans: refused, error_message: why };
        ExportTraceServiceResponse { partial_success: (refused > 0).then_some(partial) }
    }
}

impl Batch for ExportLogsServiceRequest {
    type Answer = ExportLogsServiceResponse;
    const METHOD: &'static str = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";
    const PATH: &'static str = "/v1/logs";

    fn take(&self, sink: &Sink, lane: &Lane) -> Self::Answer {
        logs::take(sink, lane, self);
        Self::Answer::default()
    }
}

impl Batch for ExportMetricsServiceRequest {
    type Answer = ExportMetricsServiceResponse;
    const METHOD: &'static str = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
    const PATH: &'static str = "/v1/metrics";

    fn take(&self, sink: &Sink, lane: &Lane) -> Self::Answer {
        metrics::take(sink, lane, self);
        Self::Answer::default()
    }
}
