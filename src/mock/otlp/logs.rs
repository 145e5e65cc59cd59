//! An export of log records.

use super::store::Sink;
use super::values::{object, origin, plain as plain_value, time};
use crate::exchange::{Lane, LogRecord, Origin};
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::logs::v1::LogRecord as Proto;
use serde_json::Value;

/// Keeps the records of an export.
pub(super) fn take(sink: &Sink, lane: &Lane, request: &ExportLogsServiceRequest) {
    let mut records = Vec::new();
    for resource in &request.resource_logs {
        for scope in &resource.scope_logs {
            let origin = origin(lane, resource.resource.as_ref(), scope.scope.as_ref());
            records.extend(scope.log_records.iter().map(|record| plain(&origin, record)));
        }
    }
    sink.add_logs(records);
}

fn plain(origin: &Origin, record: &Proto) -> LogRecord {
    let at = if record.time_unix_nano == 0 { record.observed_time_unix_nano } else { record.time_unix_nano };
    let severity = match record.severity_text.as_str() {
        "" => record.severity_number().as_str_name().trim_start_matches("SEVERITY_NUMBER_").to_lowercase(),
        text => text.to_owned(),
    };
    LogRecord {
        origin: origin.clone(),
        at: time(at),
        severity,
        body: record.body.as_ref().map_or(Value::Null, plain_value),
        attributes: object(&record.attributes),
        trace_id: hex::encode(&record.trace_id),
        span_id: hex::encode(&record.span_id),
    }
}
