//! What the mocks accept. These protect nothing: they are the same everywhere.

use crate::mock::{ACCESS_KEY_ID, SECRET_ACCESS_KEY};
use serde_json::{Value, json};

/// The credentials that a mock accepts: a key, id and secret for Bedrock, null where it looks at none.
pub(super) fn of(mock: &str) -> Value {
    match mock {
        "bedrock" => json!({ "id": ACCESS_KEY_ID, "secret": SECRET_ACCESS_KEY }),
        "ollama" | "toolbox" => Value::Null,
        _ => json!("sk-sandbox"),
    }
}
