//! Authorization over HTTP: the status decides, the headers go on.

use super::rule::{DECIDES, verdict};
use crate::mock::cue::{Cue, Seed};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};

/// Everything that is served: the answer to any method at any path.
pub(in crate::mock) fn router() -> Router {
    Router::new().fallback(check)
}

/// The refusal of a fault.
pub(in crate::mock) fn refuse(_: &Seed, status: StatusCode, message: Option<&str>) -> Response {
    let words = message.or(status.canonical_reason()).unwrap_or("refused").to_owned();
    (status, words).into_response()
}

async fn check(Extension(cue): Extension<Cue>, uri: Uri, headers: HeaderMap) -> Response {
    let decides = headers.get(DECIDES).and_then(|value| value.to_str().ok());
    let verdict = verdict(&cue, uri.path(), decides);
    let status = match verdict.allow {
        true => StatusCode::OK,
        false => verdict.status.and_then(|code| StatusCode::from_u16(code).ok()).unwrap_or(StatusCode::FORBIDDEN),
    };
    let mut response = (status, verdict.body.unwrap_or_default()).into_response();
    for (name, value) in verdict.headers.iter().chain(&verdict.response_headers) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            // The text of a body is plain unless the verdict says otherwise.
            if name == header::CONTENT_TYPE {
                response.headers_mut().remove(&name);
            }
            response.headers_mut().append(name, value);
        }
    }
    response
}
