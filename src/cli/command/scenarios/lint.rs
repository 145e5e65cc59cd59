//! `agw-sandbox scenarios lint`.

use crate::{
    cli::{Exit, Failure},
    report::{print_data, print_error},
    scenario::{Scenario, ScenarioError},
};
use miette::Diagnostic;
use std::path::PathBuf;
use thiserror::Error;

/// Check scenario files.
#[derive(Debug, clap::Args)]
pub struct Lint {
    /// Scenario files.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

/// A file cannot be read.
#[derive(Debug, Error, Diagnostic)]
#[error("{} cannot be read", path.display())]
#[diagnostic(code("SCENARIO-10"), help("name a file that is there and readable"))]
struct Unreadable {
    path: PathBuf,
    #[source]
    source: std::io::Error,
}

impl Lint {
    /// Runs the command: every file is checked, each of them is told of.
    pub fn run(self) -> Result<Exit, Failure> {
        let mut exit = Exit::Ok;
        for path in self.files {
            let name = path.to_string_lossy().into_owned();
            match std::fs::read_to_string(&path) {
                Err(source) => {
                    exit = Exit::Invalid;
                    print_error(&Unreadable { path, source }, exit.code());
                }
                Ok(text) => match Scenario::parse(&name, &text) {
                    Ok(scenario) => print_data(&format!("{name}: {}, {} steps", scenario.id, scenario.steps.len())),
                    Err(error) => {
                        let error: ScenarioError = error;
                        exit = Exit::Invalid;
                        print_error(&error, exit.code());
                    }
                },
            }
        }
        Ok(exit)
    }
}
