//! What can be wrong with a wanted release.

use super::lines;
use miette::Diagnostic;
use thiserror::Error;

/// What can be wrong with a wanted release.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum ReleaseError {
    /// No such line.
    #[error("there is no {shown}")]
    #[diagnostic(code("RELEASE-01"), help("{hint}"))]
    Unknown {
        /// As people say it, `agentgateway 2.3`.
        shown: String,
        /// The story, if there is one, and the nearest line.
        hint: String,
    },

    /// Neither a line nor a product with a version.
    #[error("`{number}` in `{written}` is not a version")]
    #[diagnostic(
        code("RELEASE-02"),
        help("write a line (agentgateway-1.4) or an exact version (agentgateway 1.4.1); a pre-release is 1.4.0-rc.1")
    )]
    NotAVersion {
        /// As it was written.
        written: String,
        /// The part that is not a version.
        number: String,
    },
}

impl ReleaseError {
    pub(super) fn unknown(name: &str) -> Self {
        let shown = match name.rsplit_once('-') {
            Some((product, number)) => format!("{product} {number}"),
            None => format!("release `{name}`"),
        };
        let mut hint = String::new();
        if let Some(story) = story(name) {
            hint.push_str(story);
            hint.push('\n');
        }
        match suggestion(name) {
            Some(nearest) => hint.push_str(&format!("did you mean {nearest}?")),
            None => hint.push_str(&format!("known are {}", known())),
        }
        Self::Unknown { shown, hint }
    }
}

/// Lines that people believe in. Source: `facts/lifecycle.md` A.1.
fn story(name: &str) -> Option<&'static str> {
    let (product, number) = name.rsplit_once('-')?;
    match (product, number) {
        ("agentgateway", "2.3" | "2.4") => {
            Some("the 2.x charts ended with 2.2 in February 2026; the project went on as 1.0")
        }
        ("agentgateway", "2.1") => Some("agentgateway 2.1 was a part of kgateway 2.1"),
        ("kgateway", "2.2" | "2.3" | "2.4") => {
            Some("from kgateway 2.2 on agentgateway has charts of its own, and kgateway 2.3 has no agentgateway at all")
        }
        _ => None,
    }
}

fn suggestion(name: &str) -> Option<&'static str> {
    match name {
        "agentgateway-2.3" | "agentgateway-2.4" | "kgateway-2.3" | "kgateway-2.4" => Some("agentgateway-1.4"),
        "agentgateway-2.1" => Some("kgateway-2.1"),
        "kgateway-2.2" => Some("agentgateway-2.2"),
        _ => lines()
            .iter()
            .rev()
            .map(|line| (strsim::damerau_levenshtein(name, &line.name), line.name.as_str()))
            .filter(|(distance, _)| *distance <= name.chars().count() / 3)
            .min_by_key(|(distance, _)| *distance)
            .map(|(_, name)| name),
    }
}

fn known() -> String {
    lines().iter().map(|line| line.name.as_str()).collect::<Vec<_>>().join(", ")
}
