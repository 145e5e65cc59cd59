//! The command line of agw-sandbox.

use agw_sandbox::cli;
use std::process::ExitCode;

fn main() -> ExitCode {
    // Only fails if a provider is there already, and then that one serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    ExitCode::from(cli::run().code())
}
