//! `agw-sandbox completions`.

use crate::{
    cli::{Arguments, Exit, Failure},
    report::print_data,
};
use clap::CommandFactory;
use clap_complete::{Shell, generate};

/// Print completions for a shell.
#[derive(Debug, clap::Args)]
pub struct Completions {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    /// Runs the command.
    pub fn run(self) -> Result<Exit, Failure> {
        let mut script = Vec::new();
        generate(self.shell, &mut Arguments::command(), "agw-sandbox", &mut script);
        print_data(&String::from_utf8_lossy(&script));
        Ok(Exit::Ok)
    }
}
