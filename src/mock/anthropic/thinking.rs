//! Whether the model thinks before it speaks.

use super::fields::{Fields, integer, required_at, text_at, unknown_tag};
use super::refusal::Refusal;
use crate::mock::reply::Choice;
use serde_json::Value;

/// What the model thinks where the lane has nothing in mind.
pub(super) const THOUGHT: &str = "The user is waiting for an answer.";
const LEAST_BUDGET: i64 = 1_024;

/// Whether it thinks; refuses what does not go with thinking.
pub(super) fn check(request: &Fields, limit: Option<u64>, choice: &Choice) -> Result<bool, Refusal> {
    let Some(Value::Object(thinking)) = request.get("thinking") else { return Ok(false) };
    match text_at(thinking, "type", "thinking")? {
        "disabled" => return Ok(false),
        "adaptive" => return Ok(true),
        "enabled" => {}
        other => return Err(unknown_tag("thinking", other, &["adaptive", "disabled", "enabled"])),
    }
    let place = "thinking.enabled.budget_tokens";
    let budget = integer(place, required_at(thinking, "budget_tokens", place)?, LEAST_BUDGET)?;
    if limit.is_some_and(|limit| limit <= budget) {
        return Err(Refusal::invalid("`max_tokens` must be greater than `thinking.budget_tokens`."));
    }
    if request.get("temperature").and_then(Value::as_f64).is_some_and(|temperature| temperature != 1.0) {
        return Err(Refusal::invalid("`temperature` may only be set to 1 when thinking is enabled."));
    }
    if *choice != Choice::Free {
        return Err(Refusal::invalid("Thinking may not be enabled when tool_choice forces tool use."));
    }
    Ok(true)
}
