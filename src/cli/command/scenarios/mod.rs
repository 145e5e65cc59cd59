//! `agw-sandbox scenarios`.

mod audit;
mod lint;
mod list;
mod render;

use crate::{
    cli::{Exit, Failure},
    report::print_data,
    sandbox::SandboxName,
    scenario::Catalogue,
};

/// List, show, check, render and audit scenarios.
#[derive(Debug, clap::Args)]
pub struct Scenarios {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// List scenarios, and where each of them runs.
    List(list::List),
    /// Show the file of a scenario.
    Show {
        /// Its id.
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Check scenario files.
    Lint(lint::Lint),
    /// Print the objects that a scenario applies, for a release line.
    Render(render::Render),
    /// Run all scenarios against all mutants of the reference gateway: whether each of them can fail.
    Audit(audit::Audit),
}

impl Scenarios {
    /// Runs the command.
    pub async fn run(self, name: SandboxName) -> Result<Exit, Failure> {
        match self.what {
            What::List(command) => command.run(),
            What::Show { id } => {
                print_data(&Catalogue::built_in()?.get(&id)?.text.text);
                Ok(Exit::Ok)
            }
            What::Lint(command) => command.run(),
            What::Render(command) => command.run(),
            What::Audit(command) => command.run(name).await,
        }
    }
}
