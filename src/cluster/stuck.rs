//! States that waiting does not heal.

use super::Notes;
use miette::Diagnostic;
use std::fmt;
use thiserror::Error;

/// Why an object cannot become ready.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum Cause {
    /// One of its conditions says so.
    #[error("{0}")]
    #[diagnostic(
        code("CLUSTER-05"),
        help("waiting longer would not help; mend the cause and run `agw-sandbox up` again")
    )]
    Condition(String),

    /// No registry has the image.
    #[error("the image {image} does not exist under that name and tag: {why}")]
    #[diagnostic(
        code("INSTALL-11"),
        help("choose a version that is published, or give your own build: `--image NAME=REF`; then `agw-sandbox up`")
    )]
    ImageNotFound {
        /// The image.
        image: String,
        /// The last words of who pulled it.
        why: String,
    },

    /// The registry refuses the image.
    #[error("the registry refuses the image {image}: {why}")]
    #[diagnostic(
        code("INSTALL-12"),
        help(
            "a registry answers so for what is private or is not there; a node has no credentials: use a mirror (`mirrors:`) or `--image NAME=REF`"
        )
    )]
    ImageRefused {
        /// The image.
        image: String,
        /// The last words of who pulled it.
        why: String,
    },

    /// The image is not one that can be run here.
    #[error("the image {image} cannot be used: {why}")]
    #[diagnostic(code("INSTALL-13"), help("mend its name, platform or registry in the profile, then `agw-sandbox up`"))]
    ImageUnusable {
        /// The image.
        image: String,
        /// What is wrong with it.
        why: String,
    },

    /// It ends again and again.
    #[error("container {container} ended {times} times, last with {how}")]
    #[diagnostic(code("INSTALL-14"), help("its last lines stand above; mend what they say, then `agw-sandbox up`"))]
    CrashLoop {
        /// The container.
        container: String,
        /// How often it ended.
        times: u64,
        /// Exit code, reason and message.
        how: String,
    },

    /// It lacks something that it is made of.
    #[error("container {container} cannot be made: {why}")]
    #[diagnostic(code("INSTALL-15"), help("make the Secret, ConfigMap or key that is named, or leave it out"))]
    Misconfigured {
        /// The container.
        container: String,
        /// What is missing.
        why: String,
    },

    /// No node can take it.
    #[error("no node can take it: {why}")]
    #[diagnostic(
        code("INSTALL-16"),
        help("give the cluster more room, or ask for less (`resources`) or for another node")
    )]
    Unschedulable {
        /// The scheduler's words.
        why: String,
    },

    /// Admission or a quota refuses its pods.
    #[error("its pods are refused: {why}")]
    #[diagnostic(
        code("INSTALL-17"),
        help(
            "a quota, a policy or a webhook of this cluster forbids them: change that, or the namespace; then `agw-sandbox up`"
        )
    )]
    Refused {
        /// The API server's words.
        why: String,
    },

    /// Its log says what is missing.
    #[error("{0}")]
    Told(Explanation),
}

impl Cause {
    fn id(&self) -> String {
        match self {
            Self::Told(explanation) => explanation.id.clone(),
            other => other.code().map(|code| code.to_string()).unwrap_or_default(),
        }
    }

    fn fix(&self) -> String {
        match self {
            Self::Told(explanation) => explanation.fix.clone(),
            other => other.help().map(|help| help.to_string()).unwrap_or_default(),
        }
    }
}

/// What somebody who knows a program reads in its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Its stable id.
    pub id: String,
    /// What is wrong.
    pub problem: String,
    /// What heals it.
    pub fix: String,
}

impl fmt::Display for Explanation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.problem)
    }
}

/// An object that cannot become ready, with what was seen.
#[derive(Debug, Error)]
#[error("{object} cannot become ready\n  waited for  {object}, {wanted}\n  last seen   {seen}{notes}")]
pub struct Stuck {
    /// Kind, namespace and name.
    pub object: String,
    /// The condition that was waited for.
    pub wanted: &'static str,
    /// The last that was seen of it and of its pods.
    pub seen: String,
    /// Why.
    #[source]
    pub cause: Cause,
    /// Events and the last lines of a log.
    pub notes: Notes,
}

impl Diagnostic for Stuck {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.cause.id()))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.cause.fix()))
    }
}
