//! What can go wrong with a provider.

use super::{ContextError, KindError};
use crate::{
    cluster::ClusterError,
    process::{BackgroundError, EndError},
};
use miette::Diagnostic;
use std::{io, path::PathBuf};
use thiserror::Error;

/// What can go wrong with a provider.
#[derive(Debug, Error, Diagnostic)]
pub enum ProviderError {
    /// The provider cannot be used here.
    #[error("provider {provider} cannot be used: {reason}")]
    #[diagnostic(
        code("PROVIDER-02"),
        help("`--provider auto` takes the best one that can; `agw-sandbox doctor` says what is missing")
    )]
    Unusable {
        /// The provider.
        provider: String,
        /// Why not.
        reason: String,
    },

    /// The background process could not be started.
    #[error("the background process could not be started")]
    #[diagnostic(code("PROVIDER-03"), help("its log is {}", log.display()))]
    Start {
        /// Its log.
        log: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },

    /// The background process did not come up.
    #[error("the background process did not come up: {last}")]
    #[diagnostic(code("PROVIDER-04"), help("its log is {}", log.display()))]
    NotUp {
        /// Its log.
        log: PathBuf,
        /// Its last words.
        last: String,
    },

    /// The background process could not be started by the system.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Background(#[from] BackgroundError),

    /// The background process does not end.
    #[error(transparent)]
    #[diagnostic(transparent)]
    End(#[from] EndError),

    /// kind failed.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Kind(#[from] KindError),

    /// A cluster of the user's cannot be used.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Context(Box<ContextError>),

    /// The Kubernetes API failed.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Cluster(#[from] ClusterError),

    /// A port that must be this one is taken.
    #[error("port {port} is in use on 127.0.0.1")]
    #[diagnostic(
        code("PORT-01"),
        help(
            "the profile or a flag asks for exactly this port: choose another one, end what listens there (`ss -ltnp`), or leave it out and the next free one is taken"
        )
    )]
    PortTaken {
        /// The port.
        port: u16,
    },
}

/// Its sentences carry much; errors of other kinds stay small.
impl From<ContextError> for ProviderError {
    fn from(error: ContextError) -> Self {
        Self::Context(Box::new(error))
    }
}
