//! The head and the kind of an answer that a fault asks for.

use super::gzip::gzip;
use crate::exchange::Fault;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use http_body_util::BodyExt;
use std::time::Duration;

/// How long an answer may take that has to be whole before it is compressed.
const WHOLE_DEADLINE: Duration = Duration::from_secs(30);
/// What a proxy says that found no upstream.
const PAGE: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad \
                    Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";

/// The answer that a fault gives in place of the mock's; `refuse` has the vendor's words for a status.
pub(super) fn instead(fault: &Fault, refuse: impl Fn(StatusCode) -> Response) -> Option<Response> {
    let status = fault.status.and_then(|status| StatusCode::from_u16(status).ok());
    if fault.empty {
        return Some((status.unwrap_or(StatusCode::OK), Body::empty()).into_response());
    }
    if fault.html {
        let headers = [(header::CONTENT_TYPE, "text/html")];
        return Some((status.unwrap_or(StatusCode::BAD_GATEWAY), headers, PAGE).into_response());
    }
    if let Some(body) = &fault.body {
        let headers = [(header::CONTENT_TYPE, "application/json")];
        return Some((status.unwrap_or(StatusCode::OK), headers, body.clone()).into_response());
    }
    status.map(refuse)
}

/// Adds a header, in place of those of its name.
pub(super) fn add_header(response: &mut Response, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
        response.headers_mut().insert(name, value);
    }
}

/// The answer with the fault's headers, compressed if it asks for that.
pub(super) async fn dressed(mut response: Response, fault: &Fault) -> Response {
    if let Some(content_type) = &fault.content_type {
        add_header(&mut response, header::CONTENT_TYPE.as_str(), content_type);
    }
    for (name, value) in &fault.headers {
        add_header(&mut response, name, value);
    }
    if !fault.gzip {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let whole = tokio::time::timeout(WHOLE_DEADLINE, body.collect()).await;
    // An answer that does not end stays empty: this fault needs one that ends.
    let whole = whole.ok().and_then(Result::ok).map(http_body_util::Collected::to_bytes).unwrap_or_default();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    Response::from_parts(parts, Body::from(gzip(&whole)))
}
