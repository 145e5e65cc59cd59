//! `agw-sandbox forward`: not for people.

use super::interrupt::on_interrupt;
use crate::{
    cli::{Exit, Failure},
    forward,
};
use std::path::PathBuf;

/// The background process that forwards ports into a cluster.
#[derive(Debug, clap::Args)]
pub struct Forward {
    /// The sandbox's state directory.
    #[arg(long, value_name = "FOLDER")]
    state: PathBuf,
}

impl Forward {
    /// Runs the command.
    pub async fn run(self) -> Result<Exit, Failure> {
        forward::run(&self.state, on_interrupt()).await?;
        Ok(Exit::Ok)
    }
}
