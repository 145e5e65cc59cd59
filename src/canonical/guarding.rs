//! Who gets through, and what prompts may say.

use super::KeySource;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// Keys by the name of who holds them.
pub type ApiKeys = IndexMap<String, KeySource>;

/// Only clients with a token pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Jwt {
    /// Who must have made it.
    pub issuer: String,
    /// For whom it must be, any of these; left out: not looked at.
    #[serde(default)]
    pub audiences: Vec<String>,
    /// The mock that has its keys, under `/jwks`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mock: Option<String>,
    /// The keys themselves as JSON, instead of a mock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keys: Option<String>,
    /// Whether requests without a token pass too.
    #[serde(default)]
    pub optional: bool,
}

/// Rules in CEL, all of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Authorize {
    /// One of these must hold.
    pub allow: Vec<String>,
    /// None of these may hold.
    pub deny: Vec<String>,
    /// All of these must hold.
    pub require: Vec<String>,
}

/// Which pages may send requests that change something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Csrf {
    /// Origins beside the gateway's own.
    pub additional_origins: Vec<String>,
}

/// What prompts and answers may not say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct PromptGuard {
    /// Guards of requests, in order.
    pub request: Vec<Guard>,
    /// Guards of answers, in order.
    pub response: Vec<Guard>,
    /// Whether answers that are streams are looked at too.
    pub streaming: bool,
}

/// One guard: what it finds is an end, or only hidden.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Guard {
    /// What is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reject: Option<Finds>,
    /// What is hidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mask: Option<Finds>,
    /// Status of the refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Body of the refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// What a guard finds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Finds {
    /// Patterns.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub matches: Vec<String>,
    /// Well-known ones: Ssn, CreditCard, PhoneNumber, Email, CaSin.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub builtins: Vec<String>,
}
