//! An answer in pieces: what is one event, line or frame of the vendor is one piece of the body.

use super::stream::WriteError;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header;
use std::convert::Infallible;

/// An answer whose pieces are sent one by one.
pub(super) fn respond(content_type: &'static str, pieces: impl Iterator<Item = Bytes> + Send + 'static) -> Response {
    let pieces = futures_util::stream::iter(pieces.map(Ok::<_, Infallible>));
    ([(header::CONTENT_TYPE, content_type)], Body::from_stream(pieces)).into_response()
}

/// The same, with the way in which an error is written between the pieces.
pub(super) fn respond_with(
    content_type: &'static str,
    pieces: impl Iterator<Item = Bytes> + Send + 'static,
    error: WriteError,
) -> Response {
    let mut response = respond(content_type, pieces);
    response.extensions_mut().insert(error);
    response
}
