//! What the admin API tells of the telemetry.

use super::store::{Sink, Wanted};
use crate::exchange::Lane;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;

/// The longest that a call waits for spans.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    lane: Option<String>,
    trace: Option<String>,
    #[serde(default)]
    after: u64,
    #[serde(default)]
    wait_ms: u64,
}

impl Asked {
    fn wanted(&self) -> Wanted {
        let trace = self.trace.as_ref().map(|trace| trace.to_ascii_lowercase());
        Wanted { lane: self.lane.clone().map(Lane::named), trace, after: self.after }
    }
}

/// `GET /traces`, `GET /logs` and `GET /metrics`, each with `lane`, `trace` and `after`; traces also with `wait_ms`.
pub(in crate::mock) fn controls(sink: &Sink) -> Router {
    Router::new()
        .route("/traces", get(traces))
        .route("/logs", get(logs))
        .route("/metrics", get(metrics))
        .with_state(sink.clone())
}

async fn traces(State(sink): State<Sink>, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    match asked {
        Ok(Query(asked)) => {
            let wait = Duration::from_millis(asked.wait_ms).min(LONGEST_WAIT);
            Json(sink.spans(&asked.wanted(), wait).await).into_response()
        }
        Err(rejection) => refusal(&rejection),
    }
}

async fn logs(State(sink): State<Sink>, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    asked.map_or_else(|rejection| refusal(&rejection), |Query(asked)| Json(sink.logs(&asked.wanted())).into_response())
}

async fn metrics(State(sink): State<Sink>, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    asked.map_or_else(
        |rejection| refusal(&rejection),
        |Query(asked)| Json(sink.metrics(&asked.wanted())).into_response(),
    )
}

fn refusal(rejection: &QueryRejection) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": rejection.body_text() }))).into_response()
}
