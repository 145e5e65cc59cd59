//! An export of metrics.

use super::store::Sink;
use super::values::origin;
use crate::exchange::{Lane, Metric, Origin};
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::metrics::v1::Metric as Proto;
use serde_json::{Map, Value};

/// Keeps the metrics of an export.
pub(super) fn take(sink: &Sink, lane: &Lane, request: &ExportMetricsServiceRequest) {
    let mut metrics = Vec::new();
    for resource in &request.resource_metrics {
        for scope in &resource.scope_metrics {
            let origin = origin(lane, resource.resource.as_ref(), scope.scope.as_ref());
            metrics.extend(scope.metrics.iter().map(|metric| plain(&origin, metric)));
        }
    }
    sink.add_metrics(metrics);
}

fn plain(origin: &Origin, metric: &Proto) -> Metric {
    let data = metric.data.as_ref().and_then(|data| serde_json::to_value(data).ok());
    let data = match data {
        Some(Value::Object(data)) => data,
        _ => Map::new(),
    };
    let Proto { name, description, unit, .. } = metric.clone();
    Metric { origin: origin.clone(), name, description, unit, data }
}
