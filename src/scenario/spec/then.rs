//! What must hold after a step, as it is written.

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

/// What must hold. Any value may be versioned: `{"1.0..1.5": one, "1.5..": another}`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(super) struct Then {
    pub status: Option<Value>,
    pub statuses: Option<Value>,
    pub headers: IndexMap<String, Value>,
    pub body: Option<Value>,
    pub json: IndexMap<String, Value>,
    pub sse: Option<Value>,
    pub took: Option<Value>,
    pub first_event: Option<Value>,
    pub gaps: Option<Value>,
    pub end: Option<Value>,
    pub metrics: IndexMap<String, Value>,
    pub log: IndexMap<String, Value>,
    pub conditions: IndexMap<String, Value>,
    pub events: Option<Vec<Value>>,
    pub refused: Option<Value>,
    pub received: IndexMap<String, Value>,
    pub defect: Option<Box<DefectDocument>>,
}

/// The real gateway is wrong in some releases.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(super) struct DefectDocument {
    pub releases: String,
    pub about: String,
    pub link: Option<String>,
    pub source: Option<String>,
    pub instead: Then,
}

/// Where a key makes sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// For an answer of the gateway.
    Answer,
    /// For an object that is read.
    Object,
    /// For a change that is applied.
    Change,
    /// For everything that goes through the gateway, or has happened before.
    Received,
}

impl Then {
    /// The keys that are set, each with what it can be said of.
    pub fn keys(&self) -> Vec<(&'static str, &'static [Meaning])> {
        use Meaning::{Answer, Change, Object, Received};
        let all: [(&'static str, bool, &'static [Meaning]); 16] = [
            ("status", self.status.is_some(), &[Answer]),
            ("statuses", self.statuses.is_some(), &[Answer]),
            ("headers", !self.headers.is_empty(), &[Answer]),
            ("body", self.body.is_some(), &[Answer]),
            ("json", !self.json.is_empty(), &[Answer, Object]),
            ("sse", self.sse.is_some(), &[Answer]),
            ("took", self.took.is_some(), &[Answer]),
            ("firstEvent", self.first_event.is_some(), &[Answer]),
            ("gaps", self.gaps.is_some(), &[Answer]),
            ("end", self.end.is_some(), &[Answer]),
            ("metrics", !self.metrics.is_empty(), &[Answer]),
            ("log", !self.log.is_empty(), &[Answer]),
            ("conditions", !self.conditions.is_empty(), &[Object]),
            ("events", self.events.is_some(), &[Object]),
            ("refused", self.refused.is_some(), &[Change]),
            ("received", !self.received.is_empty(), &[Answer, Received]),
        ];
        all.into_iter().filter(|(_, set, _)| *set).map(|(key, _, meanings)| (key, meanings)).collect()
    }
}
