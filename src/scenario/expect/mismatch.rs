//! Expected and got, in words that fit a line.

use serde_json::Value;

/// Longest part of a value that is shown, in characters.
const SHOWN: usize = 160;

/// What was expected and what was got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Expected.
    pub expected: String,
    /// Got.
    pub got: String,
}

impl Words {
    /// Both, in words.
    pub fn new(expected: impl Into<String>, got: impl Into<String>) -> Self {
        Self { expected: expected.into(), got: got.into() }
    }

    /// The same, said of a part.
    pub fn under(self, part: &str) -> Self {
        Self { expected: format!("{part}: {}", self.expected), got: format!("{part}: {}", self.got) }
    }
}

/// A value in words: short, and `nothing` where there is none.
pub fn words_of(value: Option<&Value>) -> String {
    let text = match value {
        None => return "nothing".to_owned(),
        Some(Value::String(text)) if text.is_empty() => return "empty text".to_owned(),
        Some(Value::String(text)) if text.contains(['\n', '\r']) => text.escape_debug().to_string(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    match text.char_indices().nth(SHOWN) {
        None => text,
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}
