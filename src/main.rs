//! The command line of agw-sandbox.

use agw_sandbox::cli;
use mimalloc::MiMalloc;
use std::process::ExitCode;

/// Memory goes back to the system when sessions have ended; glibc's allocator keeps what it once had.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    // Only fails if a provider is there already, and then that one serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    ExitCode::from(cli::run().code())
}
