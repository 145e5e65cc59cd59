//! What an OTLP sink received, in plain JSON.

use super::Lane;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Spans, log records or metrics in the order of arrival.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Telemetry<T> {
    /// They themselves.
    pub items: Vec<T>,
    /// How many older ones were forgotten to keep memory bounded.
    pub dropped: u64,
}

/// Where something comes from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Origin {
    /// Position in the order of arrival among its kind; starts at 1.
    pub sequence: u64,
    /// The lane of the export.
    pub lane: Lane,
    /// What the resource is: `service.name` and so on.
    pub resource: Map<String, Value>,
    /// The instrumentation that made it.
    pub scope: String,
}

/// A span of a trace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Span {
    /// Where it comes from.
    #[serde(flatten)]
    pub origin: Origin,
    /// 32 hexadecimal digits.
    pub trace_id: String,
    /// 16 hexadecimal digits.
    pub span_id: String,
    /// The span that it is a part of; empty for the root of a trace.
    pub parent_span_id: String,
    /// Its name.
    pub name: String,
    /// `internal`, `server`, `client`, `producer`, `consumer` or `unspecified`.
    pub kind: String,
    /// When it began.
    pub start: Timestamp,
    /// When it ended.
    pub end: Timestamp,
    /// `unset`, `ok` or `error`.
    pub status: String,
    /// The words of the status.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// Its attributes.
    pub attributes: Map<String, Value>,
    /// What happened while it went on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<SpanEvent>,
    /// Other spans that have to do with it, as `traceId/spanId`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
}

impl Span {
    /// How long it took.
    pub fn took(&self) -> SignedDuration {
        self.end.duration_since(self.start)
    }

    /// The name of the service that it comes from.
    pub fn service(&self) -> &str {
        self.origin.resource.get("service.name").and_then(Value::as_str).unwrap_or("unknown service")
    }
}

/// Something that happened while a span went on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SpanEvent {
    /// Its name.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// Its attributes.
    pub attributes: Map<String, Value>,
}

/// A log record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogRecord {
    /// Where it comes from.
    #[serde(flatten)]
    pub origin: Origin,
    /// When it happened, or was observed.
    pub at: Timestamp,
    /// Its severity in words.
    pub severity: String,
    /// What it says.
    pub body: Value,
    /// Its attributes.
    pub attributes: Map<String, Value>,
    /// The trace that it belongs to, if any.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub trace_id: String,
    /// The span that it belongs to, if any.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub span_id: String,
}

/// A metric with its points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Metric {
    /// Where it comes from.
    #[serde(flatten)]
    pub origin: Origin,
    /// Its name.
    pub name: String,
    /// What it says.
    pub description: String,
    /// Its unit.
    pub unit: String,
    /// Its points by their kind, as OTLP writes them in JSON: `gauge`, `sum`, `histogram` …
    #[serde(flatten)]
    pub data: Map<String, Value>,
}
