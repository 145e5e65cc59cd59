//! The port where metrics are read.

use super::Telemetry;
use axum::{Router, http::header::CONTENT_TYPE, routing::get};
use std::sync::Arc;
use tokio::net::TcpListener;

/// The type that the real proxy gives its metrics.
const OPEN_METRICS: &str = "application/openmetrics-text;charset=utf-8;version=1.0.0";

/// Serves `/metrics` as long as it is polled.
pub async fn serve_stats(listener: TcpListener, telemetry: Arc<Telemetry>) {
    let metrics = get(move || {
        let text = telemetry.render();
        async move { ([(CONTENT_TYPE, OPEN_METRICS)], text) }
    });
    // Without its port the proxy still serves; whoever asks for metrics sees that there are none.
    let _ = axum::serve(listener, Router::new().route("/metrics", metrics)).await;
}
