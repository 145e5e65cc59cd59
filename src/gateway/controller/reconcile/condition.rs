//! Conditions, without their times: those are filled in when they are written.

use serde_json::{Value, json};

/// The state of one aspect of an object.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Condition {
    kind: &'static str,
    status: &'static str,
    reason: String,
    message: String,
}

impl Condition {
    /// A condition that holds.
    pub(super) fn yes(kind: &'static str, reason: &str, message: impl Into<String>) -> Self {
        Self { kind, status: "True", reason: reason.to_owned(), message: message.into() }
    }

    /// A condition that does not hold.
    pub(super) fn no(kind: &'static str, reason: &str, message: impl Into<String>) -> Self {
        Self { status: "False", ..Self::yes(kind, reason, message) }
    }

    /// A condition that nobody has looked at.
    pub(super) fn unknown(kind: &'static str, reason: &str, message: impl Into<String>) -> Self {
        Self { status: "Unknown", ..Self::yes(kind, reason, message) }
    }

    /// Whether it is of this type and does not hold.
    pub(super) fn denies(&self, kind: &str) -> bool {
        self.kind == kind && self.status == "False"
    }

    /// Its message.
    pub(super) fn message(&self) -> &str {
        &self.message
    }

    /// As it stands in a status, about a generation of the object.
    pub(super) fn at(&self, generation: i64) -> Value {
        json!({
            "type": self.kind,
            "status": self.status,
            "observedGeneration": generation,
            "reason": self.reason,
            "message": self.message,
        })
    }
}

/// Several conditions about one generation.
pub(super) fn all_at(conditions: &[Condition], generation: i64) -> Value {
    conditions.iter().map(|condition| condition.at(generation)).collect()
}
