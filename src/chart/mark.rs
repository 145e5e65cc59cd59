//! What a helm release says of itself: from which chart and values it was made.

use super::Digest;
use crate::cluster::fingerprint_of;
use serde_json::Value;
use std::fmt;

/// From which chart and values a helm release was made. It is kept in the description of the revision, the one place
/// that Helm 3.12 already writes together with the revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Digest of the packed chart.
    pub chart: Digest,
    /// Fingerprint of the values.
    pub values: String,
}

impl Mark {
    /// Of a chart and values.
    pub fn of(chart: &Digest, values: &Value) -> Self {
        Self { chart: chart.clone(), values: fingerprint_of(values) }
    }

    /// Reads a description; `None` if agw-sandbox did not write it.
    pub fn read(description: &str) -> Option<Self> {
        let mut words = description.strip_prefix("agw-sandbox ")?.split(' ');
        let chart = words.next()?.strip_prefix("chart=").and_then(Digest::parse)?;
        let values = words.next()?.strip_prefix("values=")?.to_owned();
        Some(Self { chart, values })
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "agw-sandbox chart={} values={}", self.chart, self.values)
    }
}

#[cfg(test)]
mod tests {
    use super::Mark;
    use crate::chart::Digest;
    use serde_json::json;

    #[test]
    fn a_mark_is_read_as_it_is_written() {
        let mark = Mark::of(&Digest::of(b"chart"), &json!({"a": 1}));
        assert_eq!(Mark::read(&mark.to_string()), Some(mark));
        assert_eq!(Mark::read("Install complete"), None);
    }
}
