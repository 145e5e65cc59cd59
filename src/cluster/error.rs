//! What can go wrong with a Kubernetes API.

use super::{Notes, ObjectKey, Stuck};
use miette::Diagnostic;
use std::path::PathBuf;
use thiserror::Error;

/// What can go wrong with a Kubernetes API.
#[derive(Debug, Error, Diagnostic)]
pub enum ClusterError {
    /// The kubeconfig cannot be used.
    #[error("the kubeconfig {} cannot be used: {why}", path.display())]
    #[diagnostic(code("CLUSTER-01"), help("`agw-sandbox up` writes it anew"))]
    Kubeconfig {
        /// The file.
        path: PathBuf,
        /// Why not.
        why: String,
    },

    /// The API refused or did not answer a call.
    #[error("{doing}: {why}")]
    #[diagnostic(code("CLUSTER-02"), help("see what the sandbox says of itself: agw-sandbox status"))]
    Call {
        /// What was being done, `reading Gateway ai/ai-gateway`.
        doing: String,
        /// The API's own words.
        why: String,
    },

    /// An object is of a kind that agw-sandbox does not handle.
    #[error("agw-sandbox does not handle objects of kind {kind} in {api_version}")]
    #[diagnostic(code("CLUSTER-03"), help("apply it yourself: kubectl apply --server-side -f FILE"))]
    UnknownKind {
        /// `apiVersion`.
        api_version: String,
        /// `kind`.
        kind: String,
    },

    /// What was waited for did not come in time.
    #[error(
        "{object} did not become ready within {seconds} s\n  waited for  {object}, {wanted}\n  last seen   {last}{notes}"
    )]
    #[diagnostic(
        code("CLUSTER-04"),
        help("`agw-sandbox up` goes on where it stopped; more time helps only if what was seen last is progress")
    )]
    TimedOut {
        /// Kind, namespace and name.
        object: String,
        /// The deadline in seconds.
        seconds: u64,
        /// Condition and last message.
        last: String,
        /// The condition that was waited for.
        wanted: &'static str,
        /// Events and the last lines of a log.
        notes: Notes,
    },

    /// What was waited for cannot come any more.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Stuck(Box<Stuck>),

    /// An object with this name is not ours.
    #[error("{object} is there already and is not this sandbox's: {what}")]
    #[diagnostic(
        code("CLUSTER-06"),
        help(
            "it was not touched; remove it yourself if it may go, or use a cluster of the sandbox's own: --provider kind"
        )
    )]
    NotOurs {
        /// Kind, namespace and name.
        object: String,
        /// What is known of it.
        what: String,
    },
}

impl ClusterError {
    /// A call about an object that failed, in the API's own words.
    pub(super) fn call(doing: &str, key: &ObjectKey, error: &kube::Error) -> Self {
        let why = match error {
            kube::Error::Api(status) => status.message.clone(),
            other => other.to_string(),
        };
        Self::Call { doing: format!("{doing} {key}"), why }
    }
}
