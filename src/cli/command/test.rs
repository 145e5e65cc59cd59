//! `agw-sandbox test`.

use super::interrupt::on_interrupt;
use crate::{
    cli::{Exit, Failure},
    event::{Events, Fact, ScenarioReport, Tally},
    report::{Format, Reporter, Suite, error_fact, print_data, scenario_table, write_junit},
    sandbox::{Home, Record, Sandbox, SandboxName, TestOptions, test},
};
use miette::Diagnostic;
use std::path::PathBuf;
use thiserror::Error;

/// Run scenarios against the gateway of a sandbox.
#[derive(Debug, clap::Args)]
pub struct Test {
    /// Ids, patterns or tags; none: all.
    #[arg(value_name = "PATTERN")]
    patterns: Vec<String>,
    /// Write a JUnit file.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Seed of the order.
    #[arg(long)]
    seed: Option<u64>,
    /// How many scenarios run at a time.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=64))]
    parallel: u16,
    /// Ask the reference gateway to misbehave in one named way meanwhile: the scenarios must notice.
    #[arg(long, value_name = "NAME")]
    mutant: Option<String>,
    /// Form of the output.
    #[arg(long, short, value_enum, default_value_t)]
    output: Format,
}

/// The JUnit file could not be written.
#[derive(Debug, Error, Diagnostic)]
#[error("the JUnit file {} could not be written", path.display())]
#[diagnostic(code("USAGE-03"), help("name a file in a folder that is there and writable"))]
struct JunitError {
    path: PathBuf,
    #[source]
    source: std::io::Error,
}

impl Test {
    /// Runs the command.
    pub async fn run(self, name: SandboxName) -> Result<Exit, Failure> {
        let sandbox = Home::find()?.sandbox(name);
        let cancel = on_interrupt();
        let (events, subscription) = Events::new();
        let (reporter, kept) = Reporter::keeping_scenarios(self.output, subscription);
        let options = TestOptions {
            patterns: self.patterns.clone(),
            seed: self.seed,
            parallel: self.parallel.into(),
            mutant: self.mutant.clone(),
        };
        let result = test(&sandbox, &options, &events, &cancel).await;
        let interrupted = cancel.is_cancelled();
        let result = result.map_err(Failure::from);
        events.emit(finished(&result, interrupted));
        drop(events);
        reporter.finish().await;
        let scenarios = kept.take();
        self.write_junit(&sandbox, &scenarios, result.as_ref().err())?;
        let (tally, took) = result?;
        if self.output == Format::Human {
            print_data(&scenario_table(&scenarios, &tally, took.as_secs_f64()));
        }
        Ok(exit_of(&tally, interrupted))
    }

    /// The file is written in any case: a run that died in its set-up must not look like an empty green one.
    fn write_junit(
        &self,
        sandbox: &Sandbox,
        scenarios: &[ScenarioReport],
        failure: Option<&Failure>,
    ) -> Result<(), Failure> {
        let Some(path) = &self.junit else { return Ok(()) };
        let setup_error = failure.map(|failure| error_fact(failure.error.as_ref()).message);
        let made = Record::read(sandbox).map(|record| format!(", {}, {}", record.provider, record.gateway()));
        let name = format!("sandbox {}{}", sandbox.name, made.unwrap_or_default());
        let suite = Suite { name: &name, scenarios, setup_error };
        Ok(write_junit(path, &suite).map_err(|source| JunitError { path: path.clone(), source })?)
    }
}

fn exit_of(tally: &Tally, interrupted: bool) -> Exit {
    match (interrupted, tally.is_green()) {
        (true, _) => Exit::Interrupted,
        (false, true) => Exit::Ok,
        (false, false) => Exit::ScenariosFailed,
    }
}

fn finished(result: &Result<(Tally, std::time::Duration), Failure>, interrupted: bool) -> Fact {
    match result {
        Ok((tally, _)) => {
            let exit = exit_of(tally, interrupted);
            Fact::TestFinished { tally: *tally, error: None, exit: (exit != Exit::Ok).then(|| exit.code()) }
        }
        Err(failure) => Fact::TestFinished {
            tally: Tally::default(),
            error: Some(error_fact(failure.error.as_ref())),
            exit: Some(failure.exit.code()),
        },
    }
}
