//! Refusals as gRPC clients understand them.

use super::{body::Body, refusal::Refusal};
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};

impl Refusal {
    /// The answer to a gRPC client: the failure is in the headers, and the status is always 200.
    pub fn into_grpc_response(self) -> Response<Body> {
        let mut response = Response::new(Body::empty());
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
        headers.insert("grpc-status", grpc_status(self.status()).into());
        if let Ok(message) = HeaderValue::from_str(&percent_encoded(&self.text())) {
            headers.insert("grpc-message", message);
        }
        response
    }
}

/// Whether the client speaks gRPC.
pub fn is_grpc(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"application/grpc"))
}

/// Source: the gRPC mapping of HTTP statuses, as far as the proxy makes them.
fn grpc_status(status: StatusCode) -> u16 {
    match status.as_u16() {
        400 => 13,
        401 => 16,
        403 => 7,
        404 => 12,
        429 | 502 | 503 | 504 => 14,
        _ => 2,
    }
}

/// What gRPC wants of `grpc-message`: everything outside of printable ASCII, and `%`, as `%XX`.
fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        match byte {
            b'%' => encoded.push_str("%25"),
            0x20..=0x7e => encoded.push(char::from(byte)),
            other => encoded.push_str(&format!("%{other:02X}")),
        }
        encoded
    })
}
