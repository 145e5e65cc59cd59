//! `agw-sandbox definitions`.

use crate::{
    cli::{Exit, Failure},
    report::print_data,
    resolve::load_definitions,
};

/// Print the built-in resource definitions of a release line as YAML.
#[derive(Debug, clap::Args)]
pub struct DefinitionsCommand {
    /// The line, or a folder of definitions.
    #[arg(value_name = "LINE|FOLDER", default_value = "agentgateway-1.4")]
    source: String,
}

impl DefinitionsCommand {
    /// Runs the command.
    pub fn run(self) -> Result<Exit, Failure> {
        let objects = load_definitions(&self.source)?;
        let documents: Vec<String> =
            objects.iter().map(|object| serde_yaml::to_string(object).unwrap_or_default()).collect();
        print_data(&documents.join("---\n"));
        Ok(Exit::Ok)
    }
}
