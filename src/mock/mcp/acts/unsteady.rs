//! A tool that works now and then.

use super::super::asking::failure;
use super::end::crash;
use super::{Call, Outcome, said};
use rmcp::ErrorData;

/// In turn, over all sessions: two answers, a failure of the tool, a failure of the server, and a broken connection.
pub(super) async fn unsteady(call: Call) -> Outcome {
    let number = call.hub.count_call() + 1;
    match (number - 1) % 5 {
        0 | 1 => Ok(said(format!("Call {number} worked")).into()),
        2 => Ok(failure(format!("Call {number} failed; try again")).into()),
        3 => Err(ErrorData::internal_error(format!("Call {number} broke the server; try again"), None)),
        _ => crash(call).await,
    }
}
