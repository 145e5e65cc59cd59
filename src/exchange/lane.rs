//! The isolation key that keeps parallel scenarios apart in one shared mock.

use serde::{Deserialize, Serialize};

/// The isolation key of a request that a mock received.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lane(String);

impl Lane {
    /// A lane with a name of its own.
    pub fn named(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The lane that a `Host` header (port or not) belongs to.
    ///
    /// A backend that is named by its Service keeps that name as Host, one that is a plain Service keeps the client's:
    /// so the namespace in `openai.pol-10.svc.cluster.local` and the first label in `pol-10.test` name the same lane.
    /// Every other host is the lane `default`.
    pub fn of_host(host: &str) -> Self {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name).to_ascii_lowercase();
        let labels: Vec<&str> = name.split('.').collect();
        match labels.as_slice() {
            [_, namespace, "svc", ..] => Self::named(*namespace),
            [.., scenario, "test"] => Self::named(*scenario),
            _ => Self::default(),
        }
    }

    /// The lane's name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Lane {
    fn default() -> Self {
        Self::named("default")
    }
}

impl std::fmt::Display for Lane {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_name_a_test_host_and_anything_else() {
        assert_eq!(Lane::of_host("openai.pol-10.svc.cluster.local:80").as_str(), "pol-10");
        assert_eq!(Lane::of_host("POL-10.test:8080").as_str(), "pol-10");
        assert_eq!(Lane::of_host("a.rte-04.test").as_str(), "rte-04");
        assert_eq!(Lane::of_host("127.0.0.1:9101").as_str(), "default");
    }
}
