//! `agw-sandbox token rotate`.

use super::super::mock::{AskError, admin_of};
use crate::{
    cli::{Exit, Failure},
    report::{Format, SCHEMA, print_data},
    sandbox::SandboxName,
};
use serde_json::json;

/// Give the identity provider other keys.
#[derive(Debug, clap::Args)]
pub(super) struct Rotate {
    /// Those of this realm; left out: of the one at the root.
    #[arg(long, value_name = "NAME")]
    realm: Option<String>,
    /// Form of the output.
    #[arg(long, short, value_enum, default_value_t)]
    output: Format,
}

impl Rotate {
    /// Runs the command: prints the ids of the keys that sign from now on.
    pub(super) async fn run(self, sandbox: SandboxName) -> Result<Exit, Failure> {
        let keys = admin_of(sandbox).await?.rotate(self.realm.as_deref()).await.map_err(AskError::from)?;
        match self.output {
            Format::Human => print_data(&keys.join("\n")),
            Format::Json => {
                let realm = self.realm;
                print_data(
                    &json!({"schema": SCHEMA, "event": "token.rotated", "realm": realm, "keys": keys}).to_string(),
                );
            }
        }
        Ok(Exit::Ok)
    }
}
