//! The plan.

use super::Step;
use crate::cluster::fingerprint_of;
use serde::Serialize;
use serde_json::json;
use std::{fmt, time::Duration};

/// The name of a step, stable over runs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct StepId(String);

impl StepId {
    /// A step's name.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StepId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What `up` does, in an order that works one after the other; `needs` tell what may run at the same time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Plan {
    /// Version of this form.
    pub schema: &'static str,
    /// Name of the sandbox.
    pub sandbox: String,
    /// The provider.
    pub provider: String,
    /// The steps.
    pub steps: Vec<PlannedStep>,
}

/// A step with its place in the plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlannedStep {
    /// Its name.
    pub id: StepId,
    /// What people call it.
    pub title: String,
    /// Steps that must have succeeded before.
    pub needs: Vec<StepId>,
    /// Seconds that it may take.
    pub deadline_seconds: u64,
    /// Whether the sandbox works without it: then a failure is a warning.
    pub optional: bool,
    /// Digest of the step: equal steps have equal fingerprints.
    pub fingerprint: String,
    /// What to bring about.
    pub step: Step,
}

impl PlannedStep {
    /// A step that must succeed.
    pub fn new(id: &str, title: &str, needs: &[&str], deadline: Duration, step: Step) -> Self {
        let fingerprint = fingerprint_of(&json!(step));
        Self {
            id: StepId::new(id),
            title: title.to_owned(),
            needs: needs.iter().map(|need| StepId::new(*need)).collect(),
            deadline_seconds: deadline.as_secs(),
            optional: false,
            fingerprint,
            step,
        }
    }

    /// The same step, but the sandbox works without it.
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// The time it may take.
    pub fn deadline(&self) -> Duration {
        Duration::from_secs(self.deadline_seconds)
    }
}
