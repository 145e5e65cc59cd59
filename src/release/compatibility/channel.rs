//! Channels of Gateway API.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A channel of Gateway API.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// What is stable.
    #[default]
    Standard,
    /// That, and what may change.
    Experimental,
}

impl fmt::Display for Channel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Standard => "standard",
            Self::Experimental => "experimental",
        })
    }
}
