//! An answer of converse as a message of Anthropic. Source: facts/proxy.md 3.4.

use super::converse::{Answer, thought};
use crate::gateway::proxy::refusal::Refusal;
use serde_json::{Value, json};

/// The message, under the model that was asked for.
pub fn translate(body: &[u8], model: &str) -> Result<Vec<u8>, Refusal> {
    let answer = Answer::parse(body)?;
    let content: Vec<Value> = answer.blocks()?.iter().filter_map(block).collect();
    let message = json!({
        "id": message_id(),
        "type": "message",
        "role": "assistant",
        "content": content,
        "model": model,
        "stop_reason": answer.stop_reason.stop_reason(),
        "stop_sequence": null,
        "usage": answer.usage.unwrap_or_default().to_messages(),
    });
    Ok(message.to_string().into_bytes())
}

fn block(block: &Value) -> Option<Value> {
    if let Some(text) = block.get("text") {
        return Some(json!({"type": "text", "text": text}));
    }
    if let Some((text, signature)) = thought(block) {
        return Some(json!({"type": "thinking", "thinking": text, "signature": signature}));
    }
    let call = block.get("toolUse")?;
    Some(json!({"type": "tool_use", "id": call["toolUseId"], "name": call["name"], "input": call["input"]}))
}

/// An id like those of the real gateway: the time and a random number, in hex.
pub fn message_id() -> String {
    format!("msg_{:x}{:08x}", jiff::Timestamp::now().as_millisecond(), rand::random::<u32>())
}
