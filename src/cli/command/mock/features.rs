//! `agw-sandbox mock features`.

use crate::{
    cli::{Exit, Failure},
    mock::{FEATURES, Proof, VENDORS},
    report::{Format, SCHEMA, Table, print_data},
};
use serde_json::{Map, Value, json};

/// Show which features of each vendor the mocks have, and what proves it.
#[derive(Debug, clap::Args)]
pub(super) struct Features {
    /// Form of the output.
    #[arg(long, short, value_enum, default_value_t)]
    output: Format,
}

impl Features {
    /// Runs the command.
    pub(super) fn run(self) -> Result<Exit, Failure> {
        match self.output {
            Format::Human => print_data(&shown()),
            Format::Json => print_data(&written().to_string()),
        }
        Ok(Exit::Ok)
    }
}

/// A tick for what a test of the vendor's SDK proves, a dash for what the vendor itself does not have.
fn shown() -> String {
    let head: Vec<&str> = ["VENDOR"].into_iter().chain(FEATURES).collect();
    let mut table = Table::headed(&head);
    let mut notes = Vec::new();
    for vendor in VENDORS {
        let cells = vendor.proofs.iter().zip(FEATURES).map(|(proof, feature)| match proof {
            Proof::Test(_) => "✔".to_owned(),
            Proof::Absent { says, document } => {
                notes.push(format!("[{}] {} has no {feature}: {says} {document}", notes.len() + 1, vendor.name));
                format!("– [{}]", notes.len())
            }
        });
        table.row([vendor.name.to_owned()].into_iter().chain(cells).collect::<Vec<_>>());
    }
    format!("{table}\n{}", notes.join("\n"))
}

fn written() -> Value {
    let of = |proofs: &[Proof]| -> Map<String, Value> {
        let told = proofs.iter().map(|proof| match proof {
            Proof::Test(test) => json!({ "test": test }),
            Proof::Absent { says, document } => json!({ "absent": says, "document": document }),
        });
        FEATURES.iter().map(|feature| (*feature).to_owned()).zip(told).collect()
    };
    let vendors: Map<String, Value> =
        VENDORS.iter().map(|vendor| (vendor.name.to_owned(), Value::Object(of(&vendor.proofs)))).collect();
    json!({ "schema": SCHEMA, "event": "mock.features", "vendors": vendors })
}
