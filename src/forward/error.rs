//! What can go wrong with forwarded ports.

use super::ForwardTarget;
use crate::{
    cluster::ClusterError,
    process::{BackgroundError, EndError},
};
use miette::Diagnostic;
use std::{io, path::PathBuf};
use thiserror::Error;

/// What can go wrong with forwarded ports.
#[derive(Debug, Error, Diagnostic)]
pub enum ForwardError {
    /// The process did not come up.
    #[error("the process that forwards ports did not come up: {why}")]
    #[diagnostic(code("FORWARD-01"), help("its log is {}", log.display()))]
    NotUp {
        /// Why not.
        why: String,
        /// Its log.
        log: PathBuf,
    },

    /// It does not forward this.
    #[error("{target} cannot be forwarded: {why}")]
    #[diagnostic(code("FORWARD-02"), help("agw-sandbox down, then up, starts the forwarding process anew"))]
    Refused {
        /// What was to be forwarded.
        target: ForwardTarget,
        /// Why not.
        why: String,
    },

    /// It cannot keep its state.
    #[error("{} cannot be used", path.display())]
    #[diagnostic(code("FORWARD-03"), help("is the state directory writable? agw-sandbox doctor"))]
    State {
        /// The file or socket.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },

    /// The cluster cannot be talked to.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Cluster(#[from] ClusterError),

    /// It could not be started by the system.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Background(#[from] BackgroundError),

    /// It does not end.
    #[error(transparent)]
    #[diagnostic(transparent)]
    End(#[from] EndError),
}
