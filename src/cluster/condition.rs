//! Conditions, wherever an object keeps them.

use serde_json::Value;

/// One condition of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// `Accepted`, `Programmed` …
    pub kind: String,
    /// `True`, `False` or `Unknown`.
    pub status: String,
    /// Reason.
    pub reason: String,
    /// Message.
    pub message: String,
    /// The generation that it speaks of.
    pub observed_generation: Option<i64>,
}

impl Condition {
    fn read(value: &Value) -> Self {
        let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        Self {
            kind: text("type"),
            status: text("status"),
            reason: text("reason"),
            message: text("message"),
            observed_generation: value.get("observedGeneration").and_then(Value::as_i64),
        }
    }

    /// Whether it is `True` and speaks of the given generation.
    pub fn holds_for(&self, generation: i64) -> bool {
        self.status == "True" && self.observed_generation.is_none_or(|observed| observed >= generation)
    }
}

impl std::fmt::Display for Condition {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}={}", self.kind, self.status)?;
        if self.status != "True" && !self.reason.is_empty() {
            write!(formatter, " {}", self.reason)?;
        }
        if self.status != "True" && !self.message.is_empty() {
            write!(formatter, " ({})", self.message)?;
        }
        Ok(())
    }
}

/// All conditions of an object: its own, those of a route's parents and those of a policy's ancestors.
pub fn conditions_of(object: &Value) -> Vec<Condition> {
    let own = object.pointer("/status/conditions").and_then(Value::as_array).into_iter().flatten();
    let nested = ["/status/parents", "/status/ancestors"]
        .into_iter()
        .filter_map(|pointer| object.pointer(pointer).and_then(Value::as_array))
        .flatten()
        .filter_map(|parent| parent.get("conditions").and_then(Value::as_array))
        .flatten();
    own.chain(nested).map(Condition::read).collect()
}

/// The first condition of a type.
pub fn find_condition(object: &Value, kind: &str) -> Option<Condition> {
    conditions_of(object).into_iter().find(|condition| condition.kind == kind)
}
