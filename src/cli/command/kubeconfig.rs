//! `agw-sandbox kubeconfig`.

use crate::{
    cli::{Exit, Failure},
    report::print_data,
    sandbox::{Home, SandboxName},
};

/// Print the path of the sandbox's kubeconfig; yours is never changed.
#[derive(Debug, clap::Args)]
pub struct KubeconfigCommand {}

impl KubeconfigCommand {
    /// Runs the command.
    pub async fn run(self, name: SandboxName) -> Result<Exit, Failure> {
        let sandbox = Home::find()?.sandbox(name);
        let path = sandbox.path.join("kubeconfig");
        if !path.is_file() {
            return Err(sandbox.not_up().into());
        }
        print_data(&path.display().to_string());
        Ok(Exit::Ok)
    }
}
