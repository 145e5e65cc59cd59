//! `agw-sandbox mock`.

mod call;
mod credentials;
mod features;
mod mcp;
mod ready;
mod requests;
mod running;
mod serve;
mod snippets;
mod traces;
mod tries;
mod way;

use crate::cli::{Exit, Failure};
use crate::mock::{KEPT_BODY, LANE_BYTES, LANE_EXCHANGES, LARGEST_HEAD, LONGEST_BODY, Protocol, TOTAL_BYTES};
use crate::sandbox::SandboxName;
use requests::Requests;
use serve::Serve;
pub use way::{AskError, admin_of};

/// Run the mocks alone, until they are stopped; or show what they received.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, after_help = limits())]
pub struct Mock {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Run the mocks of the LLM vendors, with a client for each to paste.
    Llm(Serve),
    /// Run the mocks of MCP servers.
    Mcp(mcp::Mcp),
    /// Run the services that a gateway's policies call: identity provider, echo and their like.
    Services(Serve),
    /// Run all mocks; the same as no word at all.
    All(Serve),
    /// Show what running mocks received and answered.
    Requests(Requests),
    /// Show the traces that the OpenTelemetry sink received.
    Traces(traces::Traces),
    /// Call a mock that speaks gRPC, and show what it answers.
    Call(call::Call),
    /// Show which features of each vendor the mocks have.
    Features(features::Features),
}

impl Mock {
    /// Runs the command.
    pub async fn run(self, sandbox: SandboxName) -> Result<Exit, Failure> {
        match self.what {
            Some(What::Llm(serve)) => serve.run(Some(Protocol::Llm)).await,
            Some(What::Mcp(mcp)) => mcp.run().await,
            Some(What::Services(serve)) => serve.run(Some(Protocol::Service)).await,
            Some(What::All(serve)) => serve.run(None).await,
            Some(What::Requests(requests)) => requests.run(sandbox).await,
            Some(What::Traces(traces)) => traces.run(sandbox).await,
            Some(What::Call(call)) => call.run(sandbox).await,
            Some(What::Features(features)) => features.run(),
            None => self.serve.run(None).await,
        }
    }
}

/// What the mocks take and keep at most.
fn limits() -> String {
    let (kib, mib) = (|bytes: usize| bytes / 1024, |bytes: usize| bytes / 1024 / 1024);
    format!(
        "Limits: the head of a request, its path with it, is at most {} KiB with 100 headers (431 or 414 beyond), its body \
         {} MiB (413). The newest {LANE_EXCHANGES} requests of a lane are remembered in at most {} MiB, those of all lanes \
         in {} MiB, of each body {} KiB.",
        kib(LARGEST_HEAD),
        mib(LONGEST_BODY),
        mib(LANE_BYTES),
        mib(TOTAL_BYTES),
        kib(KEPT_BODY)
    )
}
