//! `agw-sandbox mock mcp`.

use super::super::interrupt::on_interrupt;
use super::serve::Serve;
use crate::{
    cli::{Exit, Failure},
    mock::{Protocol, STDIO_NAMES, StdioError, serve_stdio},
};

/// Run the mocks of MCP servers: all of them over HTTP, or one over stdio.
#[derive(Debug, clap::Args)]
pub(super) struct Mcp {
    #[command(flatten)]
    serve: Serve,
    /// Serve this server over stdin and stdout instead, as its client starts it.
    #[arg(long, value_name = "NAME", value_parser = STDIO_NAMES, conflicts_with_all = ["Serve"])]
    stdio: Option<String>,
}

/// Why a server over stdio ended.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("{source}")]
#[diagnostic(
    code("MOCK-30"),
    help("The client has to send `initialize`, or a request of revision 2026-07-28, one JSON message a line.")
)]
struct StdioFailure {
    source: StdioError,
}

impl Mcp {
    /// Runs them until they are stopped, or until the client over stdio leaves.
    pub(super) async fn run(self) -> Result<Exit, Failure> {
        let Some(name) = self.stdio else { return self.serve.run(Some(Protocol::Mcp)).await };
        serve_stdio(&name, on_interrupt()).await.map_err(|source| StdioFailure { source })?;
        Ok(Exit::Ok)
    }
}
