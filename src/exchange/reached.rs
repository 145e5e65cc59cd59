//! What a process at another place reaches.

use serde::{Deserialize, Serialize};

/// Whether a host and port can be reached from where the mocks run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reached {
    /// Addresses that the name leads to there.
    pub addresses: Vec<String>,
    /// Why no connection came about; `None`: one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
}
