//! The admin port: how the process is, how the gateway misbehaves, and the mocks' own admin API.

use crate::{
    embedded::Api,
    gateway::Mutant,
    mock::{MockEndpoint, Mocks},
};
use axum::{
    Json, Router,
    extract::{Request, State as Extract},
    http::{StatusCode, header::AUTHORIZATION},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::json;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{sync::watch, time::timeout};
use tokio_util::sync::CancellationToken;

/// Longest time until a mutant is in effect.
const IN_EFFECT_WITHIN: Duration = Duration::from_secs(5);

/// What the admin port knows.
#[derive(Clone)]
pub struct State {
    api: Api,
    endpoints: Arc<[MockEndpoint]>,
    mutants: Arc<Mutants>,
    token: Arc<str>,
    began: Instant,
}

/// The way to tell the gateway to misbehave.
pub struct Mutants {
    /// The mutant that is wished.
    pub wanted: watch::Sender<Option<Mutant>>,
    /// The mutant that is in effect everywhere.
    pub acting: watch::Receiver<Option<Mutant>>,
}

impl Mutants {
    /// Wishes a mutant, and waits until it is in effect.
    async fn wish(&self, mutant: Option<Mutant>) -> StatusCode {
        self.wanted.send_replace(mutant);
        let mut acting = self.acting.clone();
        match timeout(IN_EFFECT_WITHIN, acting.wait_for(|acting| *acting == mutant)).await {
            Ok(Ok(_)) => StatusCode::NO_CONTENT,
            _ => StatusCode::GATEWAY_TIMEOUT,
        }
    }
}

impl State {
    /// The state, from now on.
    pub fn new(api: Api, mocks: &Mocks, mutants: Mutants, token: String) -> Self {
        let endpoints = mocks.endpoints().to_vec().into();
        Self { api, endpoints, mutants: Arc::new(mutants), token: token.into(), began: Instant::now() }
    }
}

/// The routes; every call needs the token.
pub fn router(state: State, mocks: Router, cancel: CancellationToken) -> Router {
    let shutdown = post(move || async move {
        cancel.cancel();
        StatusCode::NO_CONTENT
    });
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/status", get(status))
        .route("/mutant", get(mutants).put(misbehave).delete(behave))
        .route("/shutdown", shutdown)
        .with_state(state.clone())
        .nest("/mocks", mocks)
        .layer(from_fn_with_state(state, guard))
}

async fn guard(Extract(state): Extract<State>, request: Request, next: Next) -> Response {
    let given = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match given.strip_prefix("Bearer ") {
        Some(token) if token == &*state.token => next.run(request).await,
        _ => StatusCode::UNAUTHORIZED.into_response(),
    }
}

async fn status(Extract(state): Extract<State>) -> Response {
    Json(json!({
        "seconds": state.began.elapsed().as_secs(),
        "objects": state.api.object_count(),
        "mutant": state.mutants.wanted.borrow().map(Mutant::name),
        "mocks": &*state.endpoints,
    }))
    .into_response()
}

async fn mutants() -> Response {
    let all: Vec<_> =
        Mutant::ALL.iter().map(|mutant| json!({"name": mutant.name(), "about": mutant.about()})).collect();
    Json(json!({"mutants": all})).into_response()
}

async fn misbehave(Extract(state): Extract<State>, name: String) -> Response {
    match name.trim().parse::<Mutant>() {
        Ok(mutant) => {
            state.api.set_lenient(mutant == Mutant::SchemaIgnored);
            state.mutants.wish(Some(mutant)).await.into_response()
        }
        Err(unknown) => {
            let known: Vec<&str> = Mutant::ALL.iter().map(|mutant| mutant.name()).collect();
            let text = format!("{unknown}; there are {}", known.join(", "));
            (StatusCode::NOT_FOUND, text).into_response()
        }
    }
}

async fn behave(Extract(state): Extract<State>) -> StatusCode {
    state.api.set_lenient(false);
    state.mutants.wish(None).await
}
