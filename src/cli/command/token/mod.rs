//! `agw-sandbox token`.

mod mint;
mod rotate;
mod verify;

use crate::cli::{Exit, Failure};
use crate::sandbox::SandboxName;

/// Print a token of the mocks' identity provider: of the mocks that `agw-sandbox mock` runs, or else of those of the sandbox.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Token {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    mint: mint::Mint,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Say what the identity provider thinks of a token, which comes from stdin.
    Verify(verify::Verify),
    /// Give the identity provider other keys: tokens that were made before are good no more.
    Rotate(rotate::Rotate),
}

impl Token {
    /// Runs the command.
    pub async fn run(self, sandbox: SandboxName) -> Result<Exit, Failure> {
        match self.what {
            Some(What::Verify(verify)) => verify.run(sandbox).await,
            Some(What::Rotate(rotate)) => rotate.run(sandbox).await,
            None => self.mint.run(sandbox).await,
        }
    }
}
