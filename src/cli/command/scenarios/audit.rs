//! `agw-sandbox scenarios audit`.

use crate::{
    cli::{Exit, Failure, command::interrupt::on_interrupt},
    event::Events,
    report::{Format, Reporter, SCHEMA, matrix_text, print_data},
    sandbox::{AuditOptions, Home, SandboxName, audit},
};
use serde_json::json;

/// Run all scenarios against all mutants of the reference gateway: whether each of them can fail.
#[derive(Debug, clap::Args)]
pub struct Audit {
    /// Ids, patterns or tags of scenarios; none: all.
    #[arg(value_name = "PATTERN")]
    patterns: Vec<String>,
    /// Mutants; none: all.
    #[arg(long = "mutant", value_name = "NAME")]
    mutants: Vec<String>,
    /// How many scenarios run at a time.
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=64))]
    parallel: u16,
    /// Let each mutant meet only the scenarios that it was made for: quicker, but no whole matrix.
    #[arg(long)]
    own: bool,
    /// Form of the output.
    #[arg(long, short, value_enum, default_value_t)]
    output: Format,
}

impl Audit {
    /// Runs the command.
    pub async fn run(self, name: SandboxName) -> Result<Exit, Failure> {
        let sandbox = Home::find()?.sandbox(name);
        let cancel = on_interrupt();
        let (events, subscription) = Events::new();
        let reporter = Reporter::start(Format::Human, subscription);
        let options = AuditOptions {
            patterns: self.patterns,
            mutants: self.mutants,
            parallel: self.parallel.into(),
            own: self.own,
        };
        let result = audit(&sandbox, &options, &events, &cancel).await;
        drop(events);
        reporter.finish().await;
        let matrix = result?;
        match self.output {
            Format::Human => print_data(&matrix_text(&matrix)),
            Format::Json => {
                let line =
                    json!({"schema": SCHEMA, "event": "audit", "complete": matrix.is_complete(), "matrix": matrix});
                print_data(&line.to_string());
            }
        }
        Ok(match (cancel.is_cancelled(), matrix.is_complete()) {
            (true, _) => Exit::Interrupted,
            (false, true) => Exit::Ok,
            (false, false) => Exit::ScenariosFailed,
        })
    }
}
