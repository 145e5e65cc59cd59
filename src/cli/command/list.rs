//! `agw-sandbox list`.

use crate::{
    cli::{Exit, Failure},
    report::{Format, SCHEMA, Table, print_data, print_talk},
    sandbox::{Home, status},
};
use serde_json::json;

/// List the sandboxes of this machine.
#[derive(Debug, clap::Args)]
pub struct List {
    /// Form of the output.
    #[arg(long, short, value_enum, default_value_t)]
    output: Format,
}

impl List {
    /// Runs the command.
    pub async fn run(self) -> Result<Exit, Failure> {
        let mut table = Table::headed(&["NAME", "STATE", "PROVIDER", "URL"]);
        let sandboxes = Home::find()?.sandboxes();
        for sandbox in &sandboxes {
            let found = status(sandbox).await.ok();
            let state = if found.is_some() { "up" } else { "stopped" };
            let url = found.as_ref().and_then(|status| status.url()).unwrap_or_default();
            if self.output == Format::Json {
                let line = json!({"schema": SCHEMA, "event": "sandbox", "sandbox": sandbox.name.as_str(), "state": state, "url": url});
                print_data(&line.to_string());
            }
            table.row([sandbox.name.as_str(), state, "embedded", url]);
        }
        match (self.output, sandboxes.is_empty()) {
            (Format::Json, _) => {}
            (Format::Human, true) => print_talk("there is no sandbox; make one: agw-sandbox up"),
            (Format::Human, false) => print_data(&table.to_string()),
        }
        Ok(Exit::Ok)
    }
}
