//! Who may call.

use super::refusal::{Refusal, with_request_id};
use super::signature::{Signed, verify};
use crate::mock::cue::{Cue, Seed};
use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header;
use http_body_util::BodyExt;
use jiff::Timestamp;

/// Lets requests pass that are signed well or bring a good API key.
pub(super) async fn guard(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let seed = parts.extensions.get::<Cue>().map_or_else(|| Seed::of("", "", b""), |cue| cue.seed.clone());
    // The layer has read the body already, so this neither waits nor fails.
    let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let authorization = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let signed = Signed { method: parts.method.as_str(), uri: &parts.uri, headers: &parts.headers, body: &body };
    if let Err(refusal) = check(authorization.unwrap_or_default(), &signed) {
        return refusal.respond(&seed);
    }
    with_request_id(next.run(Request::from_parts(parts, Body::from(body))).await, &seed)
}

fn check(authorization: &str, signed: &Signed) -> Result<(), Refusal> {
    match authorization.split_once(' ') {
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") && !key.trim().is_empty() => {
            match key.contains("invalid") {
                false => Ok(()),
                true => Err(Refusal::of_signature(
                    "AccessDeniedException",
                    "Authentication failed: Please make sure your API Key is valid.",
                )),
            }
        }
        Some(("AWS4-HMAC-SHA256", _)) => verify(authorization, signed, Timestamp::now()),
        _ => Err(Refusal::of_signature("MissingAuthenticationTokenException", "Missing Authentication Token")),
    }
}
