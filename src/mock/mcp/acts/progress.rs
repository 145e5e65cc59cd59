//! Tools that tell how far they are.

use super::{Call, Outcome, said};
use rmcp::model::ProgressNotificationParam;
use std::time::Duration;

/// The time between two steps.
const PAUSE: Duration = Duration::from_millis(50);
/// How far it counts at most.
const MOST_STEPS: u64 = 10_000;
/// The longest pause between two steps, in milliseconds.
const LONGEST_PAUSE_MS: u64 = 60_000;

/// Start, middle and end.
pub(super) async fn in_three_steps(call: Call) -> Outcome {
    for (progress, message) in [(0.0, "Starting"), (50.0, "Halfway"), (100.0, "Complete")] {
        tell(&call, progress, 100.0, message).await;
        tokio::time::sleep(PAUSE).await;
    }
    Ok(said("Progress test completed").into())
}

/// Counts to a number with a pause before each step, until the client cancels.
pub(super) async fn count(call: Call) -> Outcome {
    let (to, pause) = (call.number("to", 5, MOST_STEPS), call.number("pauseMs", 100, LONGEST_PAUSE_MS));
    for step in 1..=to {
        let pause = tokio::time::sleep(Duration::from_millis(pause));
        if call.context.ct.run_until_cancelled(pause).await.is_none() {
            return Ok(said(format!("Cancelled at {}", step - 1)).into());
        }
        tell(&call, step as f64, to as f64, &format!("{step} of {to}")).await;
    }
    Ok(said(format!("Counted to {to}")).into())
}

/// One step, if the client wants to know.
pub(super) async fn tell(call: &Call, progress: f64, total: f64, message: &str) {
    if let Some(token) = call.context.meta.get_progress_token() {
        let step = ProgressNotificationParam::new(token, progress).with_total(total).with_message(message);
        // A client that left wants to know nothing.
        let _ = call.context.peer.notify_progress(step).await;
    }
}
