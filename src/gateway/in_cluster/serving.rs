//! What a proxy says of itself to the controller.

use crate::gateway::Mutant;
use serde::{Deserialize, Serialize};

/// What a proxy serves, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Serving {
    /// Digest of its table.
    pub(super) digest: String,
    /// The mutant that it acts; empty if none.
    pub(super) mutant: String,
}

/// The name of a mutant; empty if there is none.
pub(super) fn name_of(mutant: Option<Mutant>) -> &'static str {
    mutant.map_or("", Mutant::name)
}
