//! `agw-sandbox status`.

use crate::{
    cli::{Exit, Failure},
    report::{Format, SCHEMA, print_data},
    sandbox::{self, Home, SandboxName},
};
use serde_json::json;

/// Show what a sandbox is made of.
#[derive(Debug, clap::Args)]
pub struct Status {
    /// Form of the output.
    #[arg(long, short, value_enum, default_value_t)]
    output: Format,
}

impl Status {
    /// Runs the command.
    pub async fn run(self, name: SandboxName) -> Result<Exit, Failure> {
        let status = sandbox::status(&Home::find()?.sandbox(name)).await?;
        match self.output {
            Format::Human => print_data(&status.tree()),
            Format::Json => print_data(&json!({"schema": SCHEMA, "event": "status", "status": status}).to_string()),
        }
        Ok(Exit::Ok)
    }
}
