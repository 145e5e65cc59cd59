//! Sets of keys that sign tokens, and that a Service has.

use std::fmt;

/// Where a set of keys is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeySetSource {
    /// Cluster DNS name of the Service.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Path and query.
    pub path: String,
}

impl fmt::Display for KeySetSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "http://{}:{}{}", self.host, self.port, self.path)
    }
}
