//! `agw-sandbox explain`.

use crate::{
    check,
    cli::{Exit, Failure},
    report::print_data,
};
use miette::Diagnostic;
use thiserror::Error;

/// Tell the longer story of an error's id.
#[derive(Debug, clap::Args)]
pub struct Explain {
    /// The id; none: list all.
    #[arg(value_name = "ID")]
    id: Option<String>,
}

/// There is no such id.
#[derive(Debug, Error, Diagnostic)]
#[error("there is no error `{id}`")]
#[diagnostic(code("USAGE-04"), help("all of them: agw-sandbox explain"))]
struct NoSuchId {
    id: String,
}

impl Explain {
    /// Runs the command.
    pub fn run(self) -> Result<Exit, Failure> {
        let Some(id) = self.id else {
            print_data(&check::all_ids().collect::<Vec<_>>().join("\n"));
            return Ok(Exit::Ok);
        };
        let Some(story) = check::explain(&id) else { return Err(NoSuchId { id }.into()) };
        print_data(&format!("{} · {}\n\n{}", id.to_uppercase(), story.title, story.text));
        Ok(Exit::Ok)
    }
}
