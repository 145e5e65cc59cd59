//! Reports of a run beside what is shown on the screen: JUnit, a page, and what GitHub shows.

use super::wiring::wiring_of;
use crate::{
    cli::Failure,
    event::ScenarioReport,
    report::{Page, Suite, annotations, print_talk, step_summary, write_junit, write_page},
    scenario::Catalogue,
};
use miette::Diagnostic;
use std::{
    io::Write,
    path::{Path, PathBuf},
};
use thiserror::Error;

/// Reports that are asked for.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Reports")]
pub struct Reports {
    /// Write a JUnit file.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write a page that shows both ends of every exchange; it needs nothing but itself.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Tell GitHub of failures, as annotations and in the summary of the step; on where GITHUB_ACTIONS is set.
    #[arg(long)]
    github: bool,
}

/// A run that has ended.
pub struct Ended<'a> {
    /// What was tested, in words.
    pub made: String,
    /// Its scenarios.
    pub scenarios: &'a [ScenarioReport],
    /// Why the run as a whole failed.
    pub failure: Option<String>,
    /// How long it took.
    pub seconds: f64,
}

/// A report could not be written.
#[derive(Debug, Error, Diagnostic)]
#[error("the report {} could not be written", path.display())]
#[diagnostic(code("USAGE-03"), help("name a file in a folder that is there and writable"))]
struct ReportError {
    path: PathBuf,
    #[source]
    source: std::io::Error,
}

impl Reports {
    /// Whether evidence of what passed is asked for too.
    pub fn wants_evidence(&self) -> bool {
        self.html.is_some()
    }

    /// Writes them in any case: a run that died in its set-up must not look like an empty green one.
    pub fn write(&self, ended: &Ended<'_>) -> Result<(), Failure> {
        let at = |path: &Path| {
            let path = path.to_owned();
            move |source| ReportError { path, source }
        };
        if let Some(path) = &self.junit {
            let suite = Suite { name: &ended.made, scenarios: ended.scenarios, setup_error: ended.failure.clone() };
            write_junit(path, &suite).map_err(at(path))?;
        }
        if let Some(path) = &self.html {
            let wirings = Catalogue::built_in()?;
            let wiring =
                |id: &str| wirings.all().iter().find(|scenario| scenario.id == id).map(|scenario| wiring_of(scenario));
            let page = Page {
                title: &ended.made,
                scenarios: ended.scenarios,
                setup_error: ended.failure.as_deref(),
                seconds: ended.seconds,
                wiring: &wiring,
            };
            write_page(path, &page).map_err(at(path))?;
        }
        if self.github || std::env::var_os("GITHUB_ACTIONS").is_some() {
            self.tell_github(ended).map_err(|(path, source)| ReportError { path, source })?;
        }
        Ok(())
    }

    fn tell_github(&self, ended: &Ended<'_>) -> Result<(), (PathBuf, std::io::Error)> {
        let told = annotations(ended.scenarios, ended.failure.as_deref());
        if !told.is_empty() {
            print_talk(&told);
        }
        let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY").map(PathBuf::from) else { return Ok(()) };
        let text = step_summary(&ended.made, ended.scenarios, ended.failure.as_deref(), ended.seconds);
        let file = std::fs::OpenOptions::new().append(true).create(true).open(&path);
        file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|source| (path, source))
    }
}
