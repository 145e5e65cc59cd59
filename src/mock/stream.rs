//! An answer in events.

use crate::wire::sse::SseEvent;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{StatusCode, header};
use std::convert::Infallible;
use std::sync::Arc;

/// How an error in the middle of a stream is written, for its status and the number of events before it. A response
/// brings it along as an extension; without it the vendor's error body is the data of an event without a name.
#[derive(Clone)]
pub(super) struct WriteError(Arc<dyn Fn(StatusCode, u32) -> Bytes + Send + Sync>);

impl WriteError {
    /// Written by this function.
    pub(super) fn by(write: impl Fn(StatusCode, u32) -> Bytes + Send + Sync + 'static) -> Self {
        Self(Arc::new(write))
    }

    /// The error on the wire.
    pub(super) fn write(&self, status: StatusCode, after_events: u32) -> Bytes {
        (self.0)(status, after_events)
    }
}

/// An event stream; each event is a piece of the body of its own.
pub(super) fn respond(events: impl Iterator<Item = SseEvent> + Send + 'static) -> Response {
    let pieces = events.map(|event| Ok::<_, Infallible>(Bytes::from(event.to_string())));
    let headers = [(header::CONTENT_TYPE, "text/event-stream; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    (headers, Body::from_stream(futures_util::stream::iter(pieces))).into_response()
}
