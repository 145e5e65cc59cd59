//! What a check says.

use miette::Diagnostic;
use serde::Serialize;
use std::fmt::Display;

/// Checks that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// What they are about: `machine`, `tools`, `host`, `state`.
    pub name: &'static str,
    /// Them, in the order in which they are shown.
    pub checks: Vec<Check>,
}

/// One check and what it found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at, `docker`.
    pub title: &'static str,
    /// How it is.
    pub verdict: Verdict,
    /// The one fact worth knowing, or the reason.
    pub detail: String,
    /// The stable id of what is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What heals it, ready to paste.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
    /// What was seen, for those who want to check the check.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
}

/// How it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Good.
    Ok,
    /// Something will not work, other things will.
    Warning,
    /// Nothing will work.
    Error,
    /// Not looked at, for the reason in `detail`.
    Skipped,
}

impl Check {
    pub(super) fn ok(title: &'static str, detail: impl Into<String>) -> Self {
        Self::new(title, Verdict::Ok, detail)
    }

    pub(super) fn skipped(title: &'static str, reason: impl Into<String>) -> Self {
        Self::new(title, Verdict::Skipped, reason)
    }

    /// A check that found a problem with an id and a fix of its own.
    pub(super) fn problem(title: &'static str, verdict: Verdict, problem: &dyn Diagnostic) -> Self {
        Self {
            id: problem.code().map(|code| code.to_string()),
            fix: problem.help().map(|help| help.to_string()),
            ..Self::new(title, verdict, problem.to_string())
        }
    }

    /// With something that was seen.
    pub(super) fn seen(mut self, what: &str, value: impl Display) -> Self {
        self.evidence.push(format!("{what}: {value}"));
        self
    }

    fn new(title: &'static str, verdict: Verdict, detail: impl Into<String>) -> Self {
        Self { title, verdict, detail: detail.into(), id: None, fix: None, evidence: Vec::new() }
    }
}
