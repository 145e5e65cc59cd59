//! What prompts and answers may not say. Source: facts/manifests.md 4.1 and 4.2.

use super::{Callee, HeaderMatch, Pattern};

/// Guards of a backend.
#[derive(Debug, Clone, Default, PartialEq, Hash)]
pub struct PromptGuard {
    /// What requests pass, in order.
    pub request: Vec<Guard>,
    /// What answers pass, in order.
    pub response: Vec<Guard>,
    /// Whether answers that are streams pass it too.
    pub streaming: bool,
}

/// One guard.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Guard {
    /// How it judges.
    pub kind: GuardKind,
    /// What a client is told that is refused.
    pub rejection: Rejection,
}

/// How a guard judges.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum GuardKind {
    /// By patterns.
    Regex {
        /// Whether a match is an end, or only hidden.
        rejects: bool,
        /// Looked for one after the other.
        rules: Vec<GuardRule>,
    },
    /// By asking a service.
    Webhook(GuardWebhook),
}

/// What a guard looks for.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum GuardRule {
    /// A pattern of the author.
    Custom(Pattern),
    /// Something well known.
    Builtin(Builtin),
}

/// Something well known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Builtin {
    /// US social security numbers.
    Ssn,
    /// Credit cards.
    CreditCard,
    /// Telephone numbers.
    PhoneNumber,
    /// Mail addresses.
    Email,
    /// Canadian social insurance numbers.
    CaSin,
}

/// A service that judges.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct GuardWebhook {
    /// Where it is; `None`: it is not there, and everything passes.
    pub service: Option<Callee>,
    /// Headers of the client that it gets.
    pub forwarded: Vec<HeaderMatch>,
    /// Whether everything passes while it is down.
    pub fail_open: bool,
}

/// What a client is told that is refused.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Rejection {
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub message: String,
}

impl Default for Rejection {
    fn default() -> Self {
        let message = "The request was rejected due to inappropriate content".to_owned();
        Self { status: 403, message }
    }
}
