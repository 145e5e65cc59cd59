//! `agw-sandbox mock call`.

mod ext_authz;
mod ext_proc;
mod otlp;
mod pair;
mod rate_limit;
mod target;

use crate::cli::{Exit, Failure};
use crate::sandbox::SandboxName;

/// Call a mock that speaks gRPC as a gateway does, and show what it answers, a line of JSON for each message.
#[derive(Debug, clap::Args)]
pub(super) struct Call {
    #[command(subcommand)]
    service: Service,
}

#[derive(Debug, clap::Subcommand)]
enum Service {
    /// Ask the authorization service whether a request may go on.
    ExtAuthz(ext_authz::ExtAuthz),
    /// Send a request and its answer through the external processor.
    ExtProc(ext_proc::ExtProc),
    /// Count hits of a descriptor.
    RateLimit(rate_limit::RateLimit),
    /// Send a trace of three spans, which `agw-sandbox mock traces` shows.
    Otlp(otlp::Otlp),
}

impl Call {
    /// Runs the command.
    pub(super) async fn run(self, sandbox: SandboxName) -> Result<Exit, Failure> {
        match self.service {
            Service::ExtAuthz(call) => call.run(sandbox).await,
            Service::ExtProc(call) => call.run(sandbox).await,
            Service::RateLimit(call) => call.run(sandbox).await,
            Service::Otlp(call) => call.run(sandbox).await,
        }
    }
}
