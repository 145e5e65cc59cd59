//! What became of steps.

use crate::{event::Change, plan::StepId};
use std::time::Duration;

/// What bringing about a step came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// Whether something was changed.
    pub change: Change,
    /// The one fact worth knowing; empty where there is none.
    pub detail: String,
}

impl Done {
    /// Something was changed, or was as wanted already.
    pub fn changed_if(changed: bool, detail: impl Into<String>) -> Self {
        let change = if changed { Change::Made } else { Change::Unchanged };
        Self { change, detail: detail.into() }
    }

    /// The sandbox works without it, but the user should know.
    pub fn warned(detail: impl Into<String>) -> Self {
        Self { change: Change::Warned, detail: detail.into() }
    }
}

/// What became of a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Steps in the order of their end.
    pub steps: Vec<(StepId, Change, Duration)>,
    /// Base URL of the gateway.
    pub url: Option<String>,
}

impl Outcome {
    /// Whether anything was changed.
    pub fn changed(&self) -> bool {
        self.steps.iter().any(|(_, change, _)| *change == Change::Made)
    }
}
