//! `agw-sandbox scenarios`.

use crate::{
    cli::{Exit, Failure},
    report::{Format, SCHEMA, Table, print_data},
    scenario::Catalogue,
};
use serde_json::json;

/// List or show scenarios.
#[derive(Debug, clap::Args)]
pub struct Scenarios {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// List scenarios.
    List {
        /// Ids, patterns or tags; none: all.
        #[arg(value_name = "PATTERN")]
        patterns: Vec<String>,
        /// Form of the output.
        #[arg(long, short, value_enum, default_value_t)]
        output: Format,
    },
    /// Show the file of a scenario.
    Show {
        /// Its id.
        #[arg(value_name = "ID")]
        id: String,
    },
}

impl Scenarios {
    /// Runs the command.
    pub fn run(self) -> Result<Exit, Failure> {
        let catalogue = Catalogue::built_in()?;
        match self.what {
            What::List { patterns, output } => {
                let mut table = Table::headed(&["ID", "TITLE", "FILE"]);
                for scenario in catalogue.select(&patterns)? {
                    if output == Format::Json {
                        let line = json!({"schema": SCHEMA, "event": "scenario", "id": scenario.id, "title": scenario.title, "file": scenario.text.file});
                        print_data(&line.to_string());
                    }
                    table.row([scenario.id.clone(), scenario.title.clone(), scenario.text.file.clone()]);
                }
                if output == Format::Human {
                    print_data(&table.to_string());
                }
            }
            What::Show { id } => print_data(&catalogue.get(&id)?.text.text),
        }
        Ok(Exit::Ok)
    }
}
