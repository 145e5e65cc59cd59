//! The messages of a conversation.

use super::refusal::Refusal;
use serde_json::Value;

/// The conversation as far as the mock looks at it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Conversation {
    /// The texts of all messages, one a message.
    pub(super) texts: Vec<String>,
    /// What the user said last; empty when the last message was the result of a tool.
    pub(super) said: String,
    /// Whether tools were called in it.
    pub(super) has_tools: bool,
}

/// Reads the messages; the refusal names the first that is wrong.
pub(super) fn read(messages: &Value) -> Result<Conversation, Refusal> {
    let messages = messages.as_array().map_or(&[][..], Vec::as_slice);
    if messages.is_empty() {
        let message = "The messages field is required and must contain at least one message.";
        return Err(Refusal::invalid(message));
    }
    if messages[0]["role"] != "user" {
        return Err(Refusal::invalid(
            "A conversation must start with a user message. Try again with a conversation that starts with a user message.",
        ));
    }
    let mut conversation = Conversation::default();
    let mut open: Vec<String> = Vec::new();
    for (index, message) in messages.iter().enumerate() {
        open = one(index, message, &open, &mut conversation)?;
    }
    Ok(conversation)
}

/// Adds a message; the result is the ids of the calls that it leaves open.
fn one(
    index: usize,
    message: &Value,
    open: &[String],
    conversation: &mut Conversation,
) -> Result<Vec<String>, Refusal> {
    let blocks = message["content"].as_array().map_or(&[][..], Vec::as_slice);
    if blocks.is_empty() {
        return Err(Refusal::invalid(format!(
            "The content field in the Message object at messages.{index} is empty. Add a ContentBlock object to the content \
             field and try again."
        )));
    }
    if let Some(place) =
        blocks.iter().position(|block| block["text"].as_str().is_some_and(|text| text.trim().is_empty()))
    {
        return Err(Refusal::invalid(format!(
            "The text field in the ContentBlock object at messages.{index}.content.{place} is blank. Add text to the text \
             field, and try again."
        )));
    }
    let ids = |kind: &str| -> Vec<String> {
        blocks.iter().filter_map(|block| block[kind]["toolUseId"].as_str()).map(str::to_owned).collect()
    };
    let (calls, results) = (ids("toolUse"), ids("toolResult"));
    if results.len() > open.len() {
        return Err(Refusal::invalid(format!(
            "The number of toolResult blocks at messages.{index}.content exceeds the number of toolUse blocks of previous turn."
        )));
    }
    let missing: Vec<&str> = open.iter().filter(|id| !results.contains(id)).map(String::as_str).collect();
    if !missing.is_empty() {
        return Err(Refusal::invalid(format!(
            "Expected toolResult blocks at messages.{index}.content for the following Ids: {}",
            missing.join(", ")
        )));
    }
    let text: String = blocks.iter().filter_map(|block| block["text"].as_str()).collect();
    conversation.has_tools |= !calls.is_empty() || !results.is_empty();
    conversation.said = if message["role"] == "user" && results.is_empty() { text.clone() } else { String::new() };
    conversation.texts.push(text);
    Ok(calls)
}
