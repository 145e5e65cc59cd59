//! A tool that takes its time.

use super::{Call, Outcome, said};
use std::time::Duration;

/// How long it sleeps at most: ten minutes, in milliseconds.
const LONGEST_MS: u64 = 600_000;

/// Sleeps, until the client cancels.
pub(super) async fn sleep(call: Call) -> Outcome {
    let time = call.number("ms", 1_000, LONGEST_MS);
    let slept = call.context.ct.run_until_cancelled(tokio::time::sleep(Duration::from_millis(time))).await;
    Ok(said(if slept.is_some() { format!("Slept {time} ms") } else { "Woken".to_owned() }).into())
}
