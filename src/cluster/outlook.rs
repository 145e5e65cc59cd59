//! What is to be expected of an object that is not ready.

use super::Cause;

/// What is to be expected of an object that is not ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    /// What is seen now: condition and last message.
    pub seen: String,
    /// What is in the way, and how sure that is.
    pub stuck: Option<(Cause, Surety)>,
}

/// How sure it is that waiting does not help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surety {
    /// It is.
    Sure,
    /// If it stays so for some seconds: what is missing may be on its way.
    IfItStays,
}

impl Outlook {
    /// It may become ready.
    pub fn waiting(seen: impl Into<String>) -> Self {
        Self { seen: seen.into(), stuck: None }
    }

    /// It will not.
    pub fn hopeless(seen: impl Into<String>, cause: Cause) -> Self {
        Self { seen: seen.into(), stuck: Some((cause, Surety::Sure)) }
    }

    /// It will not, if it stays as it is.
    pub fn doubtful(seen: impl Into<String>, cause: Cause) -> Self {
        Self { seen: seen.into(), stuck: Some((cause, Surety::IfItStays)) }
    }
}
