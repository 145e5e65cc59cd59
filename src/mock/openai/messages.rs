//! The messages of a conversation.

use super::check::{missing, text_at, wrong_type, wrong_word};
use super::inner::empty;
use super::{Refusal, parts};
use serde_json::{Map, Value};

const ROLES: [&str; 6] = ["system", "assistant", "user", "function", "tool", "developer"];

/// A message as far as the mock looks at it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Message {
    role: String,
    /// Its texts, joined.
    pub(super) text: String,
    /// The ids of the calls that an assistant made.
    calls: Vec<String>,
    /// The call that a tool answers.
    answers: Option<String>,
}

impl Message {
    /// Whether the user said it.
    pub(super) fn is_user(&self) -> bool {
        self.role == "user"
    }
}

/// Reads the messages; the refusal names the first that is wrong.
pub(super) fn read(messages: &[Value]) -> Result<Vec<Message>, Refusal> {
    if messages.is_empty() {
        return Err(empty("messages"));
    }
    let read = |(index, message)| read_one(&format!("messages[{index}]"), message);
    let messages = messages.iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
    check_order(&messages)?;
    Ok(messages)
}

fn read_one(place: &str, message: &Value) -> Result<Message, Refusal> {
    let Value::Object(message) = message else {
        return Err(wrong_type(place, "an object", message));
    };
    let role = text_at(place, "role", message)?;
    if !ROLES.contains(&role) {
        return Err(wrong_word(&format!("{place}.role"), &ROLES, role));
    }
    let answers = match role {
        "tool" => Some(text_at(place, "tool_call_id", message)?.to_owned()),
        _ => None,
    };
    if role == "function" {
        text_at(place, "name", message)?;
    }
    let calls = calls(&format!("{place}.tool_calls"), message.get("tool_calls"))?;
    let said_nothing = !calls.is_empty() || message.contains_key("function_call") || message.contains_key("audio");
    let said_nothing = said_nothing || message.get("refusal").is_some_and(Value::is_string);
    let text = content(&format!("{place}.content"), role, message, said_nothing)?;
    Ok(Message { role: role.to_owned(), text, calls, answers })
}

fn calls(place: &str, given: Option<&Value>) -> Result<Vec<String>, Refusal> {
    let calls = match given {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(calls)) => calls,
        Some(other) => return Err(wrong_type(place, "an array of objects", other)),
    };
    if calls.is_empty() {
        return Err(empty(place));
    }
    calls.iter().enumerate().map(|(index, call)| call_id(&format!("{place}[{index}]"), call)).collect()
}

fn call_id(place: &str, call: &Value) -> Result<String, Refusal> {
    let Value::Object(call) = call else { return Err(wrong_type(place, "an object", call)) };
    let id = text_at(place, "id", call)?;
    let kind = text_at(place, "type", call)?;
    if !["function", "custom"].contains(&kind) {
        return Err(wrong_word(&format!("{place}.type"), &["function", "custom"], kind));
    }
    match call.get(kind) {
        None => return Err(missing(&format!("{place}.{kind}"))),
        Some(Value::Object(function)) => {
            text_at(&format!("{place}.{kind}"), "name", function)?;
            text_at(&format!("{place}.{kind}"), if kind == "custom" { "input" } else { "arguments" }, function)?;
        }
        Some(other) => return Err(wrong_type(&format!("{place}.{kind}"), "an object", other)),
    }
    Ok(id.to_owned())
}

fn content(place: &str, role: &str, message: &Map<String, Value>, said_nothing: bool) -> Result<String, Refusal> {
    match message.get("content") {
        None | Some(Value::Null) if said_nothing || role == "function" => Ok(String::new()),
        None => Err(missing(place)),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(Value::Array(parts)) if parts.is_empty() => Err(empty(place)),
        Some(Value::Array(parts)) => {
            let read = |(index, part)| parts::read(&format!("{place}[{index}]"), role, part);
            parts.iter().enumerate().map(read).collect::<Result<Vec<_>, _>>().map(|texts| texts.concat())
        }
        Some(Value::Null) => {
            let message = "Invalid value for 'content': expected a string, got null.";
            Err(Refusal { code: None, ..Refusal::of_parameter(&place.replace('[', ".["), "", message) })
        }
        Some(other) => Err(wrong_type(place, "one of a string or array of objects", other)),
    }
}

/// Every call is answered at once, and nothing is answered that was not called.
fn check_order(messages: &[Message]) -> Result<(), Refusal> {
    let mut open: Vec<&str> = Vec::new();
    for (index, message) in messages.iter().enumerate() {
        if let Some(answered) = &message.answers {
            let Some(place) = open.iter().position(|id| id == answered) else { return Err(stray(index, messages)) };
            open.remove(place);
            continue;
        }
        if !open.is_empty() {
            return Err(unanswered(&open));
        }
        open = message.calls.iter().map(String::as_str).collect();
    }
    if open.is_empty() { Ok(()) } else { Err(unanswered(&open)) }
}

fn stray(index: usize, messages: &[Message]) -> Refusal {
    let follows_calls = messages[..index].iter().rev().find(|message| message.answers.is_none());
    if follows_calls.is_some_and(|message| !message.calls.is_empty()) {
        let param = format!("messages.[{index}].tool_call_id");
        let message = format!(
            "Invalid parameter: 'tool_call_id' of '{}' not found in 'tool_calls' of previous message.",
            messages[index].answers.as_deref().unwrap_or_default()
        );
        return Refusal { code: None, ..Refusal::of_parameter(&param, "", message) };
    }
    let message = "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with \
                   'tool_calls'.";
    Refusal { code: None, ..Refusal::of_parameter(&format!("messages.[{index}].role"), "", message) }
}

fn unanswered(open: &[&str]) -> Refusal {
    let message = format!(
        "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. \
         The following tool_call_ids did not have response messages: {}",
        open.join(", ")
    );
    Refusal { code: None, ..Refusal::of_parameter("messages", "", message) }
}
