//! Tools that end what they run in: their stream, their session, their connection.

use super::super::asking::failure;
use super::super::cut::Cut;
use super::super::sessions::OwnStream;
use super::progress::tell;
use super::{Call, Outcome, said};
use http::request::Parts;
use std::time::Duration;

/// When a client is to come back for its answer.
const RETRY: Duration = Duration::from_millis(500);
/// How long the answer takes after the stream has ended.
const WORK: Duration = Duration::from_millis(100);
/// How many steps there are at most before the end.
const MOST_STEPS: u64 = 1_000;

/// Ends the stream in the middle; the answer waits for a client that comes back.
pub(super) async fn reconnect(call: Call) -> Outcome {
    if let Some(stream) = call.context.extensions.get::<OwnStream>() {
        stream.close(RETRY).await;
    }
    tokio::time::sleep(WORK).await;
    Ok(said("Reconnection test completed").into())
}

/// So many steps, then the connection breaks.
pub(super) async fn crash(call: Call) -> Outcome {
    let steps = call.number("after", 3, MOST_STEPS);
    for step in 1..=steps {
        tell(&call, step as f64, steps as f64 + 1.0, "About to die").await;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let Some(cut) = call.context.extensions.get::<Parts>().and_then(|parts| parts.extensions.get::<Cut>()) else {
        return Ok(failure("Only a connection over HTTP can break.").into());
    };
    cut.now();
    // Nothing may be said any more.
    call.context.ct.run_until_cancelled(std::future::pending::<()>()).await;
    Ok(failure("The tool died.").into())
}

/// Ends the session of the call without an answer.
pub(super) async fn expire(call: Call) -> Outcome {
    match call.context.extensions.get::<OwnStream>() {
        Some(stream) if call.hub.sessions.expire(stream.session()).await => Ok(failure("The session is over.").into()),
        _ => Ok(failure("There is no session.").into()),
    }
}
