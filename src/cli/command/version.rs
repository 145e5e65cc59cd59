//! `agw-sandbox version`.

use crate::{
    cli::{Exit, Failure},
    report::{Format, SCHEMA, print_data},
};
use serde_json::json;

/// Print the version.
#[derive(Debug, clap::Args)]
pub struct Version {
    /// Form of the output.
    #[arg(long, short, value_enum, default_value_t)]
    output: Format,
}

impl Version {
    /// Runs the command.
    pub fn run(self) -> Result<Exit, Failure> {
        let version = env!("CARGO_PKG_VERSION");
        print_data(&match self.output {
            Format::Human => format!("agw-sandbox {version}"),
            Format::Json => json!({"schema": SCHEMA, "event": "version", "version": version}).to_string(),
        });
        Ok(Exit::Ok)
    }
}
