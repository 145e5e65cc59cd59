//! `agw-sandbox plan`.

use super::wish::Wish;
use crate::{
    cli::{Exit, Failure},
    plan::{PlanFormat, render},
    report::print_data,
    sandbox::{Home, SandboxName, prepare},
};

/// Show what `up` would do, without doing it.
#[derive(Debug, clap::Args)]
pub struct Plan {
    #[command(flatten)]
    wish: Wish,
    /// Form of the output.
    #[arg(long, short, value_enum, default_value_t)]
    output: PlanFormat,
}

impl Plan {
    /// Runs the command.
    pub async fn run(self, name: SandboxName) -> Result<Exit, Failure> {
        let sandbox = Home::find()?.sandbox(name);
        let prepared = prepare(&sandbox, &self.wish.profile, &self.wish.flags()).await?;
        print_data(&render(&prepared.plan, self.output));
        Ok(Exit::Ok)
    }
}
