//! What can keep the background process from serving.

use crate::mock::MockError;
use miette::Diagnostic;
use std::{io, path::PathBuf};
use thiserror::Error;

/// What can keep the background process from serving.
#[derive(Debug, Error, Diagnostic)]
pub enum ServeError {
    /// No port for the API or the admin port.
    #[error("no port could be had on 127.0.0.1")]
    #[diagnostic(code("EMBED-01"), help("`ss -ltn` shows what listens"))]
    Listen(#[source] io::Error),

    /// The certificate could not be made.
    #[error("the certificate of the Kubernetes API could not be made: {why}")]
    #[diagnostic(code("EMBED-02"), help("this is a bug in agw-sandbox"))]
    Identity {
        /// Why not.
        why: String,
    },

    /// A file of the state could not be written.
    #[error("{} could not be written", path.display())]
    #[diagnostic(code("EMBED-03"), help("is the state directory writable? agw-sandbox doctor"))]
    State {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },

    /// The mocks could not be started.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Mocks(#[from] MockError),
}
