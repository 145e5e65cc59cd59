//! `agw-sandbox mock call otlp`.

use super::target::{CallError, Target};
use crate::cli::{Exit, Failure};
use crate::report::{print_data, print_talk};
use crate::sandbox::SandboxName;
use jiff::Timestamp;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_client::TraceServiceClient;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
use serde_json::json;

const MILLISECOND: u64 = 1_000_000;

/// The trace that is sent.
#[derive(Debug, clap::Args)]
pub(super) struct Otlp {
    #[command(flatten)]
    target: Target,
}

impl Otlp {
    pub(super) async fn run(self, sandbox: SandboxName) -> Result<Exit, Failure> {
        let mut client = TraceServiceClient::new(self.target.connect(sandbox, "otlp").await?);
        let trace = *uuid::Uuid::new_v4().as_bytes();
        let request = self.target.request(ExportTraceServiceRequest { resource_spans: vec![spans(&trace)] });
        client.export(request).await.map_err(CallError::from)?;
        let id = hex::encode(trace);
        print_data(&json!({ "traceId": id, "spans": 3 }).to_string());
        print_talk(&format!("shown by: agw-sandbox mock traces --trace {id}"));
        Ok(Exit::Ok)
    }
}

/// A request, and the two calls that it makes.
fn spans(trace: &[u8]) -> ResourceSpans {
    // Before 1970 no clock of ours stands.
    let now = u64::try_from(Timestamp::now().as_nanosecond()).unwrap_or_default();
    let span = |place: u8, parent: u8, name: &str, kind: SpanKind, from: u64, to: u64| Span {
        trace_id: trace.to_vec(),
        span_id: vec![place; 8],
        parent_span_id: if parent == 0 { Vec::new() } else { vec![parent; 8] },
        name: name.to_owned(),
        kind: kind.into(),
        start_time_unix_nano: now + from * MILLISECOND,
        end_time_unix_nano: now + to * MILLISECOND,
        ..Span::default()
    };
    let spans = vec![
        span(1, 0, "POST /v1/chat/completions", SpanKind::Server, 0, 12),
        span(2, 1, "ext_authz check", SpanKind::Client, 1, 3),
        span(3, 1, "chat gpt-4o-mini", SpanKind::Client, 4, 11),
    ];
    let value = AnyValue { value: Some(Value::StringValue("agw-sandbox mock call".to_owned())) };
    let name = KeyValue { key: "service.name".to_owned(), value: Some(value), ..KeyValue::default() };
    ResourceSpans {
        resource: Some(Resource { attributes: vec![name], ..Resource::default() }),
        scope_spans: vec![ScopeSpans { spans, ..ScopeSpans::default() }],
        ..ResourceSpans::default()
    }
}
