//! What can keep choices from becoming a plan.

use crate::{canonical::CanonicalError, gateway::in_cluster::InstallError};
use miette::Diagnostic;
use thiserror::Error;

/// What can keep choices from becoming a plan.
#[derive(Debug, Error, Diagnostic)]
pub enum PlanError {
    /// The wiring cannot be rendered.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Canonical(#[from] CanonicalError),

    /// The manifests of the reference gateway cannot be rendered.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Install(#[from] InstallError),
}
