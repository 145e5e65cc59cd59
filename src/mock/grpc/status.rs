//! How a call ends.

use crate::mock::cue::Seed;
use axum::body::Body;
use axum::response::Response;
use envoy_types::pb::google::rpc;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use tonic::{Code, Status};

/// The content type of every answer.
pub(super) const CONTENT_TYPE: HeaderValue = HeaderValue::from_static("application/grpc");
/// The encodings that are understood.
const ENCODINGS: HeaderValue = HeaderValue::from_static("identity,gzip");

/// The trailers that tell of an end.
pub(super) fn trailers(status: &Status) -> HeaderMap {
    let mut trailers = HeaderMap::new();
    // What cannot be written is a detail that we never set.
    let _ = status.add_header(&mut trailers);
    trailers
}

/// The trailers with which a gRPC server says what the HTTP status says.
pub(in crate::mock) fn end(status: StatusCode) -> HeaderMap {
    trailers(&Status::new(code_of(status), status.canonical_reason().unwrap_or("refused")))
}

/// An answer whose body is still to come.
pub(super) fn answer(body: Body) -> Response {
    let mut response = Response::new(body);
    response.headers_mut().insert(header::CONTENT_TYPE, CONTENT_TYPE);
    response.headers_mut().insert("grpc-accept-encoding", ENCODINGS);
    response
}

/// An answer that is nothing but its end.
pub(super) fn refusal(status: &Status) -> Response {
    let mut response = answer(Body::empty());
    response.headers_mut().extend(trailers(status));
    response
}

/// The refusal with which a gRPC server says what the HTTP status says.
pub(in crate::mock) fn refuse(_: &Seed, status: StatusCode, message: Option<&str>) -> Response {
    let words = message.or(status.canonical_reason()).unwrap_or("refused");
    refusal(&Status::new(code_of(status), words))
}

/// The code that stands for an HTTP status. Source: google/rpc/code.proto, "HTTP Mapping"; 413 is what the specification of
/// gRPC calls a message larger than the configured limit.
pub(in crate::mock) fn code_of(status: StatusCode) -> Code {
    match status.as_u16() {
        400 => Code::InvalidArgument,
        401 => Code::Unauthenticated,
        403 => Code::PermissionDenied,
        404 => Code::NotFound,
        408 | 504 => Code::DeadlineExceeded,
        409 => Code::Aborted,
        412 => Code::FailedPrecondition,
        413 | 429 => Code::ResourceExhausted,
        499 => Code::Cancelled,
        500 => Code::Internal,
        501 => Code::Unimplemented,
        502 | 503 => Code::Unavailable,
        _ => Code::Unknown,
    }
}

/// The message in which services over HTTP wrap the same.
pub(in crate::mock) fn google_status(code: Code, message: &str) -> rpc::Status {
    rpc::Status { code: code as i32, message: message.to_owned(), details: Vec::new() }
}
