//! What can go wrong before anything is installed: finding, fetching and reading charts, images and bundles.

use super::{Digest, UnknownValue};
use miette::Diagnostic;
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// What can go wrong with the supply of charts, images and bundles. `what` is `chart …`, `image …` or a URL.
#[derive(Debug, Error, Diagnostic)]
pub enum ChartError {
    /// Coordinates that are none.
    #[error("`{text}` does not name a chart or an image: {reason}")]
    #[diagnostic(code("CHART-01"), help("a chart is oci://host/path:version or a path, an image host/path:tag"))]
    NotAReference {
        /// As it was written.
        text: String,
        /// Why not.
        reason: String,
    },

    /// The repository is there, the version is not.
    #[error("{what} has no version {wanted}")]
    #[diagnostic(code("CHART-02"), help("{hint}"))]
    NoSuchVersion {
        /// What was looked for.
        what: String,
        /// The version as it was asked for.
        wanted: String,
        /// The nearest that is published.
        nearest: Option<String>,
        /// The nearest with the reason for it.
        hint: String,
    },

    /// The registry does not know the repository.
    #[error("{registry} has no {what}")]
    #[diagnostic(
        code("CHART-03"),
        help("check the path; a mirror must hold it under the same one: `mirrors:` in the profile")
    )]
    NoSuchRepository {
        /// What was looked for.
        what: String,
        /// The registry that was asked.
        registry: String,
    },

    /// The registry refuses, with and without the credentials that are stored.
    #[error("{registry} refuses {what}: {status}")]
    #[diagnostic(
        code("CHART-04"),
        help(
            "stale credentials are the usual cause: helm registry logout {registry}   a private one needs a login: helm registry login {registry}"
        )
    )]
    Refused {
        /// The registry that was asked.
        registry: String,
        /// What was asked for.
        what: String,
        /// 401 or 403 in words.
        status: String,
    },

    /// The registry has had enough.
    #[error("{registry} refuses {what} for now: 429 Too Many Requests")]
    #[diagnostic(
        code("CHART-05"),
        help(
            "wait, log in for a higher limit (helm registry login {registry}), or name a mirror: `mirrors:` in the profile"
        )
    )]
    TooManyRequests {
        /// The registry that was asked.
        registry: String,
        /// What was asked for.
        what: String,
    },

    /// The registry fails.
    #[error("{registry} fails on {what}: {answer}")]
    #[diagnostic(
        code("CHART-06"),
        help("the registry is at fault: try again later, or name a mirror: `mirrors:` in the profile")
    )]
    RegistryFails {
        /// The registry that was asked.
        registry: String,
        /// What was asked for.
        what: String,
        /// What it answered.
        answer: String,
    },

    /// Nothing that answers.
    #[error("{registry} cannot be reached for {what}: {why}")]
    #[diagnostic(code("CHART-07"), help("{hint}"))]
    Unreachable {
        /// The registry that was asked.
        registry: String,
        /// What was asked for.
        what: String,
        /// What happened instead.
        why: String,
        /// What would help.
        hint: String,
    },

    /// The content is not what its name says.
    #[error("{what} is damaged: wanted {wanted}, got {got}")]
    #[diagnostic(
        code("CHART-08"),
        help(
            "nothing was kept; a proxy that truncates or alters downloads is the usual cause, else the registry itself"
        )
    )]
    WrongDigest {
        /// What was fetched.
        what: String,
        /// The digest that was promised.
        wanted: Digest,
        /// The digest of what came.
        got: Digest,
    },

    /// The content is no chart.
    #[error("{what} is not a chart: {reason}")]
    #[diagnostic(
        code("CHART-09"),
        help("a chart is what `helm package` writes: a .tgz with Chart.yaml in its one folder")
    )]
    NotAChart {
        /// Which content.
        what: String,
        /// Why not.
        reason: String,
    },

    /// Values that nobody reads; Helm itself would drop them without a word.
    #[error("chart {chart} has no {}", list(unknown))]
    #[diagnostic(code("CHART-10"), help("{}", hints(unknown)))]
    UnknownValues {
        /// The chart with its version.
        chart: String,
        /// The keys.
        unknown: Vec<UnknownValue>,
    },

    /// The folder of a mirror lacks a file.
    #[error("{what} is not in the folder that mirrors it")]
    #[diagnostic(code("CHART-11"), help("expected at {}", file.display()))]
    NotInFolder {
        /// What was looked for.
        what: String,
        /// Where.
        file: PathBuf,
    },

    /// The cache cannot be used.
    #[error("the cache cannot be used at {}", path.display())]
    #[diagnostic(
        code("CHART-12"),
        help("free some space or choose another folder: agw-sandbox cache prune, AGW_SANDBOX_HOME")
    )]
    Cache {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },

    /// More than one thing is wrong.
    #[error("{} charts or images cannot be had", problems.len())]
    #[diagnostic(code("CHART-13"), help("nothing was created; every one of them is named above"))]
    Several {
        /// Each of them.
        #[related]
        problems: Vec<ChartError>,
    },

    /// No HTTP client with these certificates and proxies.
    #[error("no connection can be made to any registry: {why}")]
    #[diagnostic(
        code("CHART-14"),
        help(
            "install the system's CA certificates (package ca-certificates) and check the extra ones and HTTPS_PROXY"
        )
    )]
    NoClient {
        /// What is wrong.
        why: String,
    },

    /// Not the bundle that was asked for.
    #[error("{what} is not Gateway API {wanted}: {reason}")]
    #[diagnostic(code("CHART-15"), help("take the file of that release: {url}"))]
    WrongBundle {
        /// Where it came from.
        what: String,
        /// Version and channel.
        wanted: String,
        /// What is wrong.
        reason: String,
        /// Where upstream has it.
        url: String,
    },

    /// A URL that does not give its file.
    #[error("{url} cannot be fetched: {why}")]
    #[diagnostic(code("CHART-16"), help("check the version, or name a mirror or a folder: `mirrors:` in the profile"))]
    NoDownload {
        /// The URL, after mirrors.
        url: String,
        /// What happened instead.
        why: String,
    },

    /// A file that cannot be read.
    #[error("{} cannot be read", path.display())]
    #[diagnostic(code("CHART-17"), help("check the path; it is relative to the working folder"))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
}

impl ChartError {
    /// Whether the registry is at fault, and not the question.
    pub(super) fn is_of_the_registry(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::RegistryFails { .. } | Self::TooManyRequests { .. })
    }

    /// The problem, if all that is wrong is that something out there does not answer; it may well exist.
    pub fn nobody_answers(&self) -> Option<&Self> {
        match self {
            Self::NoDownload { .. } | Self::NoClient { .. } => Some(self),
            Self::Several { problems } => {
                problems.iter().map(Self::nobody_answers).collect::<Option<Vec<_>>>()?.first().copied()
            }
            _ => self.is_of_the_registry().then_some(self),
        }
    }

    /// This and another one, told together.
    pub fn and(self, other: Self) -> Self {
        let mut problems = Vec::new();
        for error in [self, other] {
            match error {
                Self::Several { problems: more } => problems.extend(more),
                one => problems.push(one),
            }
        }
        Self::Several { problems }
    }

    /// One error for all: `Ok` for none, the error itself for one, CHART-13 for more.
    pub fn together(mut problems: Vec<Self>) -> Result<(), Self> {
        match problems.len() {
            0 | 1 => problems.pop().map_or(Ok(()), Err),
            _ => Err(Self::Several { problems }),
        }
    }
}

fn list(unknown: &[UnknownValue]) -> String {
    let keys: Vec<_> = unknown.iter().map(|value| format!("value `{}`", value.key)).collect();
    keys.join(" and no ")
}

fn hints(unknown: &[UnknownValue]) -> String {
    unknown.iter().map(|value| value.hint.as_str()).collect::<Vec<_>>().join("\n")
}
