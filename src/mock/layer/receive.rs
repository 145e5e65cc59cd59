//! A request as it arrives: whose it is, and its body.

use crate::exchange::Lane;
use axum::body::Body;
use bytes::Bytes;
use futures_util::poll;
use http::request::Parts;
use http::{StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

/// The longest request body that is taken, in bytes.
pub const LONGEST_BODY: usize = 8 * 1024 * 1024;
/// How long a client may take to send its body.
const BODY_DEADLINE: Duration = Duration::from_secs(30);
/// The header by which a client that talks to a mock directly names its lane.
const LANE_HEADER: &str = "x-agw-lane";

/// The lane of a request: the header that names it, or else the host that it was sent to.
pub(super) fn lane_of(parts: &Parts) -> Lane {
    let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(lane) = text(LANE_HEADER) {
        return Lane::named(lane);
    }
    // HTTP/2 has the host in the target.
    let authority = parts.uri.authority().map(|authority| authority.as_str());
    text(header::HOST.as_str()).or(authority).map(Lane::of_host).unwrap_or_default()
}

/// Path and query.
pub(super) fn target_of(parts: &Parts) -> &str {
    parts.uri.path_and_query().map_or("/", |target| target.as_str())
}

/// Reads the body; the error is the status and the words of the refusal.
pub(super) async fn read(body: Body) -> Result<Bytes, (StatusCode, String)> {
    let mut reading = pin!(Limited::new(body, LONGEST_BODY).collect());
    // Most bodies come with their head; a timer for each would cost more than the reading.
    let read = match poll!(reading.as_mut()) {
        Poll::Ready(read) => Ok(read),
        Poll::Pending => tokio::time::timeout(BODY_DEADLINE, reading).await,
    };
    match read {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(failure)) if failure.is::<LengthLimitError>() => {
            let message = format!("The request body is larger than {LONGEST_BODY} bytes.");
            Err((StatusCode::PAYLOAD_TOO_LARGE, message))
        }
        Ok(Err(_)) => Err((StatusCode::BAD_REQUEST, "The request body could not be read.".to_owned())),
        Err(_) => Err((StatusCode::REQUEST_TIMEOUT, "The request body did not arrive in time.".to_owned())),
    }
}
