//! What a message of an MCP session must and must not say.

use super::{
    mcp_call::McpCall,
    mistake::{Mistake, Parsed},
    place::Place,
};

/// Exactly one thing is asked.
pub(super) fn check(call: &McpCall, place: &Place) -> Parsed<McpCall> {
    let set = [call.initialize.is_some(), call.notify.is_some(), call.list_tools.is_some(), call.call_tool.is_some()];
    match set.into_iter().filter(|set| *set).count() {
        1 => Ok(call.clone()),
        _ => {
            Err(Mistake::new(place, "exactly one of `initialize`, `notify`, `listTools` and `callTool` is wanted here"))
        }
    }
}
