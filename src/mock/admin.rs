//! The admin API of the mocks, over HTTP and JSON. Its client is [`crate::exchange::MockAdmin`].

use super::behaviours::Behaviours;
use super::reach::reach;
use super::{MockEndpoint, Recorder};
use crate::exchange::{Behaviour, Lane, Recorded};
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, Path, Query, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, put};
use axum::{Extension, Json, Router};
use http::{StatusCode, header};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// The longest that a call waits for exchanges.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// The largest behaviour that is taken, in bytes.
const LARGEST_BEHAVIOUR: usize = 256 * 1024;

#[derive(Clone)]
struct Admin {
    endpoints: Arc<[MockEndpoint]>,
    recorder: Recorder,
    behaviours: Behaviours,
}

impl Admin {
    /// The name of a mock that there is, or what is wrong with it.
    fn known(&self, mock: &str) -> Result<&'static str, String> {
        let names: Vec<&'static str> = self.endpoints.iter().map(|endpoint| endpoint.name).collect();
        let found = names.iter().find(|name| **name == mock).copied();
        found.ok_or_else(|| format!("There is no mock `{mock}`; there are {}.", names.join(", ")))
    }
}

/// `GET /mocks`, `GET /exchanges`, `GET /lanes/{lane}/exchanges`, `PUT /lanes/{lane}/behaviour/{mock}`, `DELETE /lanes/{lane}`,
/// `GET /reach/{host}/{port}`, `GET /trust`, and the mocks' own controls under `/mock/{name}`.
pub(super) fn router(
    endpoints: Arc<[MockEndpoint]>,
    recorder: Recorder,
    behaviours: Behaviours,
    controls: Router,
    token: Option<String>,
) -> Router {
    let controls = controls.layer(Extension(Arc::clone(&endpoints)));
    let router = Router::new()
        .route("/mocks", get(mocks))
        .route("/exchanges", get(all_exchanges))
        .route("/lanes/{lane}/exchanges", get(exchanges))
        .route("/lanes/{lane}/behaviour/{mock}", put(behave))
        .route("/lanes/{lane}", delete(forget))
        .route("/reach/{host}/{port}", get(reached))
        .with_state(Admin { endpoints, recorder, behaviours })
        .merge(controls)
        .layer(DefaultBodyLimit::max(LARGEST_BEHAVIOUR));
    match token {
        Some(token) => router.layer(from_fn_with_state(Arc::<str>::from(format!("Bearer {token}")), guard)),
        None => router,
    }
}

async fn guard(State(expected): State<Arc<str>>, request: Request, next: Next) -> Response {
    let given = request.headers().get(header::AUTHORIZATION).map(|value| value.as_bytes()).unwrap_or_default();
    // Every byte is compared, so that the time taken tells nothing about the token.
    let differs = given.iter().zip(expected.as_bytes()).fold(0, |differs, (a, b)| differs | (a ^ b));
    if given.len() != expected.len() || differs != 0 {
        return refusal(StatusCode::UNAUTHORIZED, "The admin API takes calls with its bearer token only.");
    }
    next.run(request).await
}

async fn reached(Path((host, port)): Path<(String, u16)>) -> Response {
    Json(reach(&host, port).await).into_response()
}

async fn mocks(State(admin): State<Admin>) -> Response {
    Json(json!({ "mocks": *admin.endpoints })).into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    mock: Option<String>,
    #[serde(default)]
    wait: usize,
    #[serde(default)]
    timeout_ms: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfMock {
    mock: Option<String>,
}

async fn all_exchanges(State(admin): State<Admin>, wanted: Result<Query<OfMock>, QueryRejection>) -> Response {
    let Query(wanted) = match wanted {
        Ok(wanted) => wanted,
        Err(rejection) => return refusal(StatusCode::BAD_REQUEST, &rejection.body_text()),
    };
    if let Some(Err(message)) = wanted.mock.as_deref().map(|mock| admin.known(mock)) {
        return refusal(StatusCode::NOT_FOUND, &message);
    }
    Json(admin.recorder.all(wanted.mock.as_deref())).into_response()
}

async fn exchanges(
    State(admin): State<Admin>,
    Path(lane): Path<String>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let Query(wanted) = match wanted {
        Ok(wanted) => wanted,
        Err(rejection) => return refusal(StatusCode::BAD_REQUEST, &rejection.body_text()),
    };
    if let Some(Err(message)) = wanted.mock.as_deref().map(|mock| admin.known(mock)) {
        return refusal(StatusCode::NOT_FOUND, &message);
    }
    let timeout = Duration::from_millis(wanted.timeout_ms).min(LONGEST_WAIT);
    let lane = Lane::named(lane);
    let recorded: Recorded = admin.recorder.wait_for(&lane, wanted.mock.as_deref(), wanted.wait, timeout).await;
    Json(recorded).into_response()
}

async fn behave(
    State(admin): State<Admin>,
    Path((lane, mock)): Path<(String, String)>,
    behaviour: Result<Json<Behaviour>, JsonRejection>,
) -> Response {
    let Json(behaviour) = match behaviour {
        Ok(behaviour) => behaviour,
        Err(rejection) => return refusal(rejection.status(), &rejection.body_text()),
    };
    let mock = match admin.known(&mock) {
        Ok(mock) => mock,
        Err(message) => return refusal(StatusCode::NOT_FOUND, &message),
    };
    match admin.behaviours.set(Lane::named(lane), mock, behaviour) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(message) => refusal(StatusCode::BAD_REQUEST, &message),
    }
}

async fn forget(State(admin): State<Admin>, Path(lane): Path<String>) -> StatusCode {
    let lane = Lane::named(lane);
    admin.behaviours.forget(&lane);
    admin.recorder.forget(&lane);
    StatusCode::NO_CONTENT
}

fn refusal(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "error": message }))).into_response()
}
