//! The isolation key that keeps parallel scenarios apart in one shared mock.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The isolation key of a request that a mock received.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lane(Cow<'static, str>);

impl Lane {
    /// A lane with a name of its own.
    pub fn named(name: impl Into<String>) -> Self {
        Self(Cow::Owned(name.into()))
    }

    /// The lane that a `Host` header (port or not) belongs to.
    ///
    /// A backend that is named by its Service keeps that name as Host, one that is a plain Service keeps the client's:
    /// so the namespace in `openai.pol-10.svc.cluster.local` and the first label in `pol-10.test` name the same lane.
    /// Every other host is the lane `default`.
    pub fn of_host(host: &str) -> Self {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let mut labels = name.split('.');
        if let (Some(_), Some(namespace), Some(third)) = (labels.next(), labels.next(), labels.next())
            && third.eq_ignore_ascii_case("svc")
        {
            return Self::named(namespace.to_ascii_lowercase());
        }
        let mut labels = name.rsplit('.');
        match (labels.next(), labels.next()) {
            (Some(last), Some(scenario)) if last.eq_ignore_ascii_case("test") => {
                Self::named(scenario.to_ascii_lowercase())
            }
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
        Self(Cow::Borrowed("default"))
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
