//! Something that does not work together, with its reason, its evidence and the right value.

use miette::Diagnostic;
use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Known to be broken.
    Error,
    /// Outside of what is documented, or less than people expect.
    Warning,
}

/// Something that does not work together.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize)]
#[error("{problem}")]
#[serde(rename_all = "camelCase")]
pub struct Conflict {
    /// Its stable id, `WINDOW-02`.
    pub id: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What does not work, in one line.
    pub problem: String,
    /// Why, with the evidence.
    #[source]
    pub because: Because,
    /// What to write instead.
    pub right: String,
}

/// Why something does not work, and who says so.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Because {
    /// The reason.
    pub reason: String,
    /// Issues, pull requests and files that show it.
    pub evidence: Vec<String>,
}

impl fmt::Display for Because {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} (seen in {})", self.reason, self.evidence.join(", "))
    }
}

impl Conflict {
    /// All of it on one line, for a warning.
    pub fn to_note(&self) -> String {
        format!("{} ({}): {}; right would be {}", self.problem, self.id, self.because.reason, self.right)
    }
}

impl Diagnostic for Conflict {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.id))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.right))
    }
}

/// All that forbids a wish, told together under the id of the first. There is always a first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflicts {
    /// The first.
    pub first: Conflict,
    /// The others.
    pub others: Vec<Conflict>,
}

impl fmt::Display for Conflicts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.first.problem)?;
        self.others.iter().try_for_each(|other| write!(formatter, "\n  and    {} ({})", other.problem, other.id))
    }
}

impl std::error::Error for Conflicts {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&self.first)
    }
}

impl Diagnostic for Conflicts {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.first.code()
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let others = self.others.iter().map(|other| format!("\n{}: {}", other.id, other.right));
        Some(Box::new(self.first.right.clone() + &others.collect::<String>()))
    }
}
