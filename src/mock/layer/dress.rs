//! The head and the kind of an answer that a fault asks for.

use super::encode::{encoded, name};
use crate::exchange::{Encoding, Fault};
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Version, header};
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

/// The answer with the fault's headers, version and encoding.
pub(super) async fn dressed(mut response: Response, fault: &Fault) -> Response {
    if let Some(content_type) = &fault.content_type {
        add_header(&mut response, header::CONTENT_TYPE.as_str(), content_type);
    }
    for (name, value) in &fault.headers {
        add_header(&mut response, name, value);
    }
    if fault.http10 {
        *response.version_mut() = Version::HTTP_10;
        add_header(&mut response, header::CONNECTION.as_str(), "close");
    }
    if !fault.trailers.is_empty() {
        let names: Vec<&str> = fault.trailers.iter().map(|(name, _)| name.as_str()).collect();
        add_header(&mut response, header::TRAILER.as_str(), &names.join(", "));
    }
    match fault.encoding.or(fault.gzip.then_some(Encoding::Gzip)) {
        Some(encoding) => in_encoding(response, encoding).await,
        None => response,
    }
}

async fn in_encoding(response: Response, encoding: Encoding) -> Response {
    let (mut parts, body) = response.into_parts();
    let whole = tokio::time::timeout(WHOLE_DEADLINE, body.collect()).await;
    // An answer that does not end stays empty: this fault needs one that ends.
    let whole = whole.ok().and_then(Result::ok).map(http_body_util::Collected::to_bytes).unwrap_or_default();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name(encoding)));
    Response::from_parts(parts, Body::from(encoded(&whole, encoding)))
}

/// The body with the fault's trailers behind it.
pub(super) fn trailed(body: Body, fault: &Fault) -> Body {
    let pairs = fault
        .trailers
        .iter()
        .filter_map(|(name, value)| Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?)));
    let trailers: HeaderMap = pairs.collect();
    if trailers.is_empty() {
        return body;
    }
    Body::new(body.with_trailers(std::future::ready(Some(Ok(trailers)))))
}
