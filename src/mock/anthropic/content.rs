//! The messages of a conversation.

use super::blocks::{self, Block};
use super::fields::wrong;
use super::refusal::Refusal;
use serde_json::Value;

/// One message as far as the mock looks at it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Turn {
    pub(super) is_user: bool,
    /// Its texts, joined.
    pub(super) text: String,
    /// How many images, documents and search results it brings.
    pub(super) attachments: u64,
    /// The length of its first document, in characters.
    pub(super) document: Option<usize>,
    /// The ids of the tools that it calls.
    calls: Vec<String>,
    /// The ids of the calls that it answers.
    results: Vec<String>,
}

/// Reads the messages; the refusal names the first that is wrong.
pub(super) fn read(messages: &[Value]) -> Result<Vec<Turn>, Refusal> {
    if messages.is_empty() {
        return Err(Refusal::invalid("messages: at least one message is required"));
    }
    let read = |(index, message)| turn(index, message, index + 1 == messages.len());
    let turns = messages.iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
    if turns.first().is_some_and(|first| !first.is_user) {
        return Err(Refusal::invalid("messages: first message must use the \"user\" role"));
    }
    check_calls(&turns)?;
    match turns.last() {
        Some(last) if !last.is_user && last.text.ends_with(char::is_whitespace) => {
            Err(Refusal::invalid("messages: final assistant content cannot end with trailing whitespace"))
        }
        _ => Ok(turns),
    }
}

/// The text of a system prompt: a string, or a list of texts.
pub(super) fn system(system: &Value) -> Result<String, Refusal> {
    match system {
        Value::String(text) => Ok(text.clone()),
        Value::Array(all) => {
            let read = |(index, block): (usize, &Value)| match block["type"].as_str() {
                Some("text") => blocks::read(&format!("system.{index}"), block).map(|block| block.text),
                Some(_) => Err(Refusal::invalid(format!("system.{index}.type: Input should be 'text'"))),
                None => Err(Refusal::invalid(format!("system.{index}.type: Field required"))),
            };
            all.iter().enumerate().map(read).collect()
        }
        _ => Err(wrong("system", "string")),
    }
}

fn turn(index: usize, message: &Value, is_last: bool) -> Result<Turn, Refusal> {
    let place = format!("messages.{index}");
    let Value::Object(fields) = message else {
        return Err(wrong(&place, "dictionary"));
    };
    if let Some(extra) = fields.keys().find(|name| !["role", "content"].contains(&name.as_str())) {
        return Err(Refusal::invalid(format!("{place}.{extra}: Extra inputs are not permitted")));
    }
    let is_user = match fields.get("role").map(Value::as_str) {
        Some(Some("user")) => true,
        Some(Some("assistant")) => false,
        Some(Some("system")) => {
            return Err(Refusal::invalid(
                "messages: Unexpected role \"system\". The Messages API accepts a top-level `system` parameter, not \
                 \"system\" as an input message role.",
            ));
        }
        Some(_) => return Err(Refusal::invalid(format!("{place}.role: Input should be 'user' or 'assistant'"))),
        None => return Err(Refusal::invalid(format!("{place}.role: Field required"))),
    };
    let place = format!("{place}.content");
    let blocks = match fields.get("content") {
        None => return Err(Refusal::invalid(format!("{place}: Field required"))),
        Some(Value::String(text)) => vec![Block { text: text.clone(), ..Block::default() }],
        Some(Value::Array(all)) => {
            let read = |(index, block)| blocks::read(&format!("{place}.{index}"), block);
            all.iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?
        }
        Some(_) => return Err(wrong(&place, "string")),
    };
    let is_empty = blocks.iter().all(|block| *block == Block::default());
    if is_empty && (is_user || !is_last) {
        return Err(Refusal::invalid(format!(
            "messages.{index}: all messages must have non-empty content except for the optional final assistant message"
        )));
    }
    check_sides(index, is_user, &blocks)?;
    Ok(joined(is_user, blocks))
}

fn check_sides(index: usize, is_user: bool, blocks: &[Block]) -> Result<(), Refusal> {
    if is_user && blocks.iter().any(|block| block.call.is_some()) {
        let message = format!("messages.{index}: `tool_use` blocks can only be in `assistant` messages");
        return Err(Refusal::invalid(message));
    }
    if !is_user && blocks.iter().any(|block| block.result.is_some()) {
        let message = format!("messages.{index}: `tool_result` blocks can only be in `user` messages");
        return Err(Refusal::invalid(message));
    }
    Ok(())
}

fn joined(is_user: bool, blocks: Vec<Block>) -> Turn {
    Turn {
        is_user,
        attachments: blocks.iter().map(|block| block.attachments).sum(),
        document: blocks.iter().find_map(|block| block.document),
        calls: blocks.iter().filter_map(|block| block.call.clone()).collect(),
        results: blocks.iter().filter_map(|block| block.result.clone()).collect(),
        text: blocks.into_iter().map(|block| block.text).collect(),
    }
}

/// Every call is answered in the next message, and nothing is answered that was not called in the one before.
fn check_calls(turns: &[Turn]) -> Result<(), Refusal> {
    for (index, turn) in turns.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| turns[before].calls.as_slice()).unwrap_or_default();
        if let Some((place, stray)) = turn.results.iter().enumerate().find(|(_, id)| !before.contains(id)) {
            return Err(Refusal::invalid(format!(
                "messages.{index}.content.{place}: unexpected `tool_use_id` found in `tool_result` blocks: {stray}. \
                 Each `tool_result` block must have a corresponding `tool_use` block in the previous message."
            )));
        }
        let after = turns.get(index + 1).map(|turn| turn.results.as_slice());
        let is_open = |id: &&String| !after.unwrap_or_default().contains(id);
        let open: Vec<&str> = turn.calls.iter().filter(is_open).map(String::as_str).collect();
        if !open.is_empty() {
            return Err(Refusal::invalid(format!(
                "messages.{index}: `tool_use` ids were found without `tool_result` blocks immediately after: {}. Each \
                 `tool_use` block must have a corresponding `tool_result` block in the next message.",
                open.join(", ")
            )));
        }
    }
    Ok(())
}
