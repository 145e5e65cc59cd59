//! What a mock of a guardrail webhook does.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// What a guardrail webhook does to prompts and to answers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Guard {
    /// What becomes of a prompt.
    pub request: GuardAction,
    /// What becomes of an answer.
    pub response: GuardAction,
}

/// What becomes of a text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum GuardAction {
    /// It goes on as it is.
    #[default]
    Pass,
    /// These words are replaced by those.
    Mask(IndexMap<String, String>),
    /// It is refused.
    Reject(Rejection),
}

/// How a text is refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Rejection {
    /// The HTTP status that the client gets.
    pub status: u16,
    /// The body that it gets.
    pub body: String,
    /// Why.
    pub reason: String,
}

impl Default for Rejection {
    fn default() -> Self {
        Self { status: 403, body: "request blocked".to_owned(), reason: "blocked by the guardrail mock".to_owned() }
    }
}
