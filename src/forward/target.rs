//! What is forwarded to.

use serde::{Deserialize, Serialize};

/// A port of a Service.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ForwardTarget {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub service: String,
    /// The port, as the Service numbers it.
    pub port: u16,
}

/// A port of this machine that leads to one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forward {
    /// Where it leads.
    pub to: ForwardTarget,
    /// The port of 127.0.0.1.
    pub here: u16,
}

impl std::fmt::Display for ForwardTarget {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Service {}/{} port {}", self.namespace, self.service, self.port)
    }
}
