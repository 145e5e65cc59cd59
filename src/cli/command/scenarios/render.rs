//! `agw-sandbox scenarios render`.

use crate::{
    canonical::GatewayRef,
    cli::{Exit, Failure},
    release,
    report::print_data,
    scenario::{Catalogue, manifests},
};
use miette::Diagnostic;
use thiserror::Error;

/// Print the objects that a scenario applies, for a release line.
#[derive(Debug, clap::Args)]
pub struct Render {
    /// The scenario's id.
    #[arg(value_name = "ID")]
    id: String,
    /// The release line.
    #[arg(long, value_name = "LINE", default_value = "agentgateway-1.4")]
    line: String,
    /// The Gateway that routes attach to where the scenario has none of its own.
    #[arg(long, value_name = "NAMESPACE/NAME", default_value = "agw-sandbox/ai-gateway")]
    gateway: String,
}

/// The line has no place for what the scenario says.
#[derive(Debug, Error, Diagnostic)]
#[error("{id} cannot be said: {why}")]
#[diagnostic(
    code("SCENARIO-11"),
    help("there it is skipped with this reason; `agw-sandbox scenarios list` shows where it runs")
)]
struct Unsaid {
    id: String,
    why: String,
}

impl Render {
    /// Runs the command.
    pub fn run(self) -> Result<Exit, Failure> {
        let scenario = Catalogue::built_in()?.get(&self.id)?;
        let line = release::line(&self.line)?;
        let (namespace, name) = self.gateway.split_once('/').unwrap_or(("agw-sandbox", &self.gateway));
        let gateway = GatewayRef { namespace: namespace.to_owned(), name: name.to_owned() };
        let objects = manifests(&scenario, &line.name, &gateway)
            .map_err(|error| Unsaid { id: scenario.id.clone(), why: error.mistake.to_string() })?;
        let texts: Vec<String> =
            objects.iter().map(|object| serde_yaml::to_string(object).unwrap_or_else(|_| object.to_string())).collect();
        print_data(&texts.join("---\n"));
        Ok(Exit::Ok)
    }
}
