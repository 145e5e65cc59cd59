//! Tools that need nothing but their arguments, which were checked before.

use super::super::asking::failure;
use super::said;
use rmcp::model::{CallToolResult, JsonObject};
use serde_json::Value;

const MOST_TIMES: u64 = 100;
const MOST_REPEATED: usize = 10_000;
/// One MiB.
const LARGE: usize = 1024 * 1024;
/// What a large answer is at most, in bytes.
const LARGEST: usize = 64 * LARGE;

pub(super) fn echo(arguments: &JsonObject) -> CallToolResult {
    said(text(arguments))
}

pub(super) fn uppercase(arguments: &JsonObject) -> CallToolResult {
    said(text(arguments).to_uppercase())
}

pub(super) fn reverse(arguments: &JsonObject) -> CallToolResult {
    said(text(arguments).chars().rev().collect::<String>())
}

pub(super) fn count_words(arguments: &JsonObject) -> CallToolResult {
    said(text(arguments).split_whitespace().count().to_string())
}

pub(super) fn add(arguments: &JsonObject) -> CallToolResult {
    let number = |name: &str| arguments.get(name).cloned().unwrap_or_default();
    said(match (number("a").as_i64(), number("b").as_i64()) {
        (Some(a), Some(b)) => (i128::from(a) + i128::from(b)).to_string(),
        _ => (number("a").as_f64().unwrap_or_default() + number("b").as_f64().unwrap_or_default()).to_string(),
    })
}

pub(super) fn repeat(arguments: &JsonObject) -> CallToolResult {
    let text = text(arguments);
    match arguments.get("times").and_then(Value::as_u64) {
        Some(times @ 1..=MOST_TIMES) if text.len() <= MOST_REPEATED => {
            said(vec![text; usize::try_from(times).unwrap_or(1)].join(" "))
        }
        _ => failure("`times` is 1 to 100 and `text` has at most 10000 bytes"),
    }
}

/// So many bytes of text.
pub(super) fn large(arguments: &JsonObject) -> CallToolResult {
    let bytes = arguments.get("bytes").and_then(Value::as_u64).and_then(|bytes| usize::try_from(bytes).ok());
    said("0123456789abcdef".repeat(bytes.unwrap_or(LARGE).min(LARGEST) / 16))
}

fn text(arguments: &JsonObject) -> &str {
    arguments.get("text").and_then(Value::as_str).unwrap_or_default()
}
