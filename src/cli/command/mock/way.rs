//! The way to mocks that run.

use super::running::Running;
use crate::{
    cli::Failure,
    exchange::{MockAdmin, MockAdminError},
    sandbox::{self, Home, SandboxName},
};

/// Mocks cannot be asked.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("{source}")]
#[diagnostic(code("MOCK-50"), help("Are they running? Start some with `agw-sandbox mock` or `agw-sandbox up`."))]
pub struct AskError {
    /// Why not.
    #[from]
    source: MockAdminError,
}

/// The admin API of those that `agw-sandbox mock` runs, or else of those of the sandbox.
pub async fn admin_of(sandbox: SandboxName) -> Result<MockAdmin, Failure> {
    let home = Home::find()?;
    match Running::read(&home) {
        Some(running) => Ok(running.admin().map_err(AskError::from)?),
        None => Ok(sandbox::Running::find(&home.sandbox(sandbox), Default::default()).await?.mocks().await?),
    }
}
