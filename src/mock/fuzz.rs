//! The mocks without connections, for the fuzz targets.

use super::bedrock;
use super::behaviours::Behaviours;
use super::catalog::all;
use super::identity::Home;
use super::layer::{Stage, observe};
use super::recorder::Recorder;
use super::{MockOptions, Ports};
use crate::exchange::{Exchange, Lane};
use axum::Router;
use axum::body::Body;
use axum::middleware::from_fn_with_state;
use bytes::Bytes;
use http::{HeaderMap, Request, Uri};
use http_body_util::BodyExt;
use jiff::Timestamp;
use std::net::Ipv4Addr;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// All mocks behind their layer, by name.
pub struct Doors {
    routers: Vec<(&'static str, Router)>,
    recorder: Recorder,
}

/// A whole answer.
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Its head.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
    /// What stands behind its body.
    pub trailers: HeaderMap,
}

impl Doors {
    /// Opens them.
    pub fn open() -> Self {
        let (recorder, behaviours) = (Recorder::new(), Behaviours::default());
        let options = MockOptions::at(Ipv4Addr::LOCALHOST.into(), Ports::Any);
        // Without the mocks there is nothing to look for.
        let mocks = all(&CancellationToken::new(), &options, &Home::default()).unwrap_or_default();
        let staged = mocks.into_iter().map(|mock| {
            let stage = Stage {
                mock: mock.name,
                refuse: mock.refuse,
                request_id: mock.request_id,
                behaviours: behaviours.clone(),
                recorder: recorder.clone(),
                legible: mock.legible,
                is_talk: mock.is_talk,
                memory: None,
            };
            (mock.name, mock.router.layer(from_fn_with_state(stage, observe)))
        });
        Self { routers: staged.collect(), recorder: recorder.clone() }
    }

    /// Status and body of the answer; `None` when there is no such mock.
    pub async fn ask(&self, mock: &str, request: Request<Bytes>) -> Option<(u16, Bytes)> {
        self.call(mock, request).await.map(|answer| (answer.status, answer.body))
    }

    /// The whole answer; `None` when there is no such mock.
    pub async fn call(&self, mock: &str, request: Request<Bytes>) -> Option<Answer> {
        let (_, router) = self.routers.iter().find(|(name, _)| *name == mock)?;
        // A router cannot fail.
        let response = router.clone().oneshot(request.map(Body::from)).await.ok()?;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.ok()?;
        let trailers = body.trailers().cloned().unwrap_or_default();
        Some(Answer { status: parts.status.as_u16(), headers: parts.headers, body: body.to_bytes(), trailers })
    }

    /// What was recorded of the lane `default`, which is forgotten.
    pub fn forget_recorded(&self) -> Vec<Exchange> {
        let recorded = self.recorder.recorded(&Lane::default(), None);
        self.recorder.forget(&Lane::default());
        recorded.exchanges
    }
}

/// Whether a request to Bedrock is signed well at this time.
pub fn is_signed(method: &str, uri: &Uri, headers: &HeaderMap, body: &[u8], now: Timestamp) -> bool {
    bedrock::is_signed(method, uri, headers, body, now)
}
