//! A server over the standard streams of this process.

use super::catalog::personality;
use super::hub::Hub;
use super::server::Server;
use rmcp::service::serve_server_with_ct;
use rmcp::transport::stdio;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// The servers that can be had over stdio: those that need nothing of HTTP.
pub const STDIO_NAMES: [&str; 7] = ["everything", "toolbox", "kubernetes", "slow", "flaky", "big", "workshop"];

/// Why a server could not be served over stdio.
#[derive(Debug, thiserror::Error)]
pub enum StdioError {
    /// There is no server with this name.
    #[error("there is no MCP server `{0}` for stdio; there are {names}", names = STDIO_NAMES.join(", "))]
    Unknown(String),
    /// The client did not begin as the protocol says.
    #[error("the MCP client did not begin as the protocol says: {0}")]
    Handshake(String),
}

/// Serves until the input ends or the token is cancelled.
///
/// # Errors
/// There is no such server, or the client does not speak the protocol.
pub async fn serve_stdio(name: &str, cancel: CancellationToken) -> Result<(), StdioError> {
    let personality = personality(name).filter(|_| STDIO_NAMES.contains(&name));
    let personality = personality.ok_or_else(|| StdioError::Unknown(name.to_owned()))?;
    let server = Server::new(Arc::new(Hub::new(personality)));
    let serving = cancel.run_until_cancelled(serve_server_with_ct(server, stdio(), cancel.clone())).await;
    let Some(serving) = serving else { return Ok(()) };
    let running = serving.map_err(|error| StdioError::Handshake(error.to_string()))?;
    // However the session ends, it ends.
    let _ = running.waiting().await;
    Ok(())
}
