//! An export of spans.

use super::check::refusal;
use super::outcome::Outcome;
use super::store::Sink;
use super::values::{object, origin, time};
use crate::exchange::{Lane, Origin, Span, SpanEvent};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span as Proto;

/// Keeps the spans of an export, and says which were refused.
pub(super) fn take(sink: &Sink, lane: &Lane, request: &ExportTraceServiceRequest) -> Outcome {
    let (mut spans, mut outcome) = (Vec::new(), Outcome::default());
    for resource in &request.resource_spans {
        for scope in &resource.scope_spans {
            let origin = origin(lane, resource.resource.as_ref(), scope.scope.as_ref());
            for span in &scope.spans {
                match refusal(span) {
                    None => spans.push(plain(&origin, span)),
                    Some(why) => outcome.refuse(why),
                }
            }
        }
    }
    sink.add_spans(spans);
    outcome
}

fn plain(origin: &Origin, span: &Proto) -> Span {
    let kind = span.kind().as_str_name().trim_start_matches("SPAN_KIND_").to_lowercase();
    let status = span.status.clone().unwrap_or_default();
    Span {
        origin: origin.clone(),
        trace_id: hex::encode(&span.trace_id),
        span_id: hex::encode(&span.span_id),
        parent_span_id: hex::encode(&span.parent_span_id),
        name: span.name.clone(),
        kind,
        start: time(span.start_time_unix_nano),
        end: time(span.end_time_unix_nano),
        status: status.code().as_str_name().trim_start_matches("STATUS_CODE_").to_lowercase(),
        message: status.message,
        attributes: object(&span.attributes),
        events: span
            .events
            .iter()
            .map(|event| SpanEvent {
                name: event.name.clone(),
                at: time(event.time_unix_nano),
                attributes: object(&event.attributes),
            })
            .collect(),
        links: span
            .links
            .iter()
            .map(|link| format!("{}/{}", hex::encode(&link.trace_id), hex::encode(&link.span_id)))
            .collect(),
    }
}
