//! Which spans are taken. Source: opentelemetry-proto, trace.proto, on `trace_id`, `span_id` and `name`.

use opentelemetry_proto::tonic::trace::v1::Span;

/// Why a span is not taken, if it is not.
pub(super) fn refusal(span: &Span) -> Option<&'static str> {
    let is_id = |id: &[u8], length: usize| id.len() == length && id.iter().any(|byte| *byte != 0);
    if !is_id(&span.trace_id, 16) {
        return Some("a trace id has 16 bytes, of which one at least is not zero");
    }
    if !is_id(&span.span_id, 8) {
        return Some("a span id has 8 bytes, of which one at least is not zero");
    }
    if !span.parent_span_id.is_empty() && span.parent_span_id.len() != 8 {
        return Some("a parent's span id has 8 bytes or none");
    }
    None
}
