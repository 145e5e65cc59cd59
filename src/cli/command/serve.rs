//! `agw-sandbox serve`: not for people.

use super::interrupt::on_interrupt;
use crate::{
    cli::{Exit, Failure},
    serve::{ServeOptions, serve},
};
use std::path::PathBuf;

/// The background process of the embedded provider.
#[derive(Debug, clap::Args)]
pub struct Serve {
    /// The sandbox's state directory.
    #[arg(long, value_name = "FOLDER")]
    state: PathBuf,
    /// The release that the reference gateway plays.
    #[arg(long, value_name = "RELEASE")]
    release: String,
    /// A listener port that must have the same number on this machine.
    #[arg(long = "exact-port", value_name = "PORT")]
    exact_ports: Vec<u16>,
}

impl Serve {
    /// Runs the command.
    pub async fn run(self) -> Result<Exit, Failure> {
        let options = ServeOptions {
            state: self.state,
            release: self.release,
            exact_ports: self.exact_ports.into_iter().collect(),
            arguments: std::env::args().skip(1).collect(),
        };
        serve(options, on_interrupt()).await?;
        Ok(Exit::Ok)
    }
}
