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

    /// A range or `latest`, which would take charts that ended.
    #[error("`{written}` would take {taken}, a chart of a line that ended in February 2026")]
    #[diagnostic(
        code("RELEASE-05"),
        help(
            "say which line: {right}\nthe 2.x charts sort above the newer 1.x ones, for the number went down when the project moved to \
             a repository of its own (agentgateway/agentgateway#923)"
        )
    )]
    EndedLine {
        /// As it was written.
        written: String,
        /// What would be taken.
        taken: String,
        /// The newest line.
        right: String,
    },

    /// A pre-release without its dot.
    #[error("there is no {written}: pre-releases have a dot")]
    #[diagnostic(
        code("RELEASE-06"),
        help("write {right}; upstream's tags are of the form v2.2.0-rc.2, v2.2.0-beta.4 (kgateway's release tags)")
    )]
    PreReleaseWithoutDot {
        /// As it was written.
        written: String,
        /// With the dot.
        right: String,
    },

    /// A tag without the `v` that all tags of that chart have.
    #[error("{chart} has no tag {tag}: its tags begin with `v`")]
    #[diagnostic(
        code("RELEASE-07"),
        help(
            "write v{tag}; both spellings are published from agentgateway 1.0 on only (agentgateway/agentgateway#2633)"
        )
    )]
    NoPrefix {
        /// The chart.
        chart: String,
        /// As it was written.
        tag: String,
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
        ("agentgateway", "2.3" | "2.4") => Some(
            "the 2.x charts ended with 2.2 in February 2026; the project went on as 1.0 \
                 (agentgateway/agentgateway#923; kgateway v2.3.0 has no agentgateway in install/helm)",
        ),
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
