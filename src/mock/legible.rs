//! Paths that are no text.

use super::catalog::Refuse;
use super::cue::{Cue, Seed};
use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use http::StatusCode;
use percent_encoding::percent_decode_str;

/// The router behind a check that every path is text, which its vendor refuses otherwise.
pub(super) fn legible(router: Router, refuse: Refuse) -> Router {
    router.layer(from_fn(move |request: Request, next: Next| async move {
        if percent_decode_str(request.uri().path()).decode_utf8().is_ok() {
            return next.run(request).await;
        }
        let seed = request.extensions().get::<Cue>().map_or_else(|| Seed::of("", "", b""), |cue| cue.seed.clone());
        refuse(&seed, StatusCode::BAD_REQUEST, Some("The path of the request is not valid UTF-8."))
    }))
}
