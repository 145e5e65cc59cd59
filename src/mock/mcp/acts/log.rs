//! Tools that write into the client's log.

use super::{Call, Outcome, said};
use crate::mock::mcp::revision::is_since;
use rmcp::model::{LoggingLevel, LoggingMessageNotificationParam, ProtocolVersion};
use serde_json::json;
use std::time::Duration;

/// The time between two lines.
const PAUSE: Duration = Duration::from_millis(20);

/// Three lines while it works.
pub(super) async fn three_lines(call: Call) -> Outcome {
    for line in ["Tool execution started", "Tool processing data", "Tool execution completed"] {
        write(&call, LoggingLevel::Info, line).await;
        tokio::time::sleep(PAUSE).await;
    }
    Ok(said("Logging test completed").into())
}

/// A line of the level that the request itself asks for, if it does.
pub(super) async fn if_wanted(call: Call) -> Outcome {
    if let Some(level) = call.context.meta.log_level() {
        write(&call, level, "This level was asked for").await;
    }
    Ok(said("Logging tool completed").into())
}

async fn write(call: &Call, level: LoggingLevel, line: &str) {
    let is_stateless = is_since(call.context.protocol_version().as_ref(), &ProtocolVersion::V_2026_07_28);
    let least = if is_stateless { call.context.meta.log_level() } else { call.level.or(Some(LoggingLevel::Debug)) };
    // In the stateless revision nothing is logged unless the request asks for it.
    if least.is_none_or(|least| rank(level) < rank(least)) {
        return;
    }
    let message = LoggingMessageNotificationParam::new(level, json!(line)).with_logger("agw-sandbox");
    // A client that left reads no log.
    let _ = call.context.peer.notify_logging_message(message).await;
}

fn rank(level: LoggingLevel) -> u8 {
    match level {
        LoggingLevel::Debug => 0,
        LoggingLevel::Info => 1,
        LoggingLevel::Notice => 2,
        LoggingLevel::Warning => 3,
        LoggingLevel::Error => 4,
        LoggingLevel::Critical => 5,
        LoggingLevel::Alert => 6,
        LoggingLevel::Emergency => 7,
    }
}
