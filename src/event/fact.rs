//! What can happen.

use super::{ScenarioReport, Tally};
use serde::Serialize;

/// One thing that happened. The serialised form is the contract of `--output json`, see `report/json.rs`.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "event")]
pub enum Fact {
    /// `up` began.
    #[serde(rename = "up.started")]
    UpStarted {
        /// Version of agw-sandbox.
        version: String,
        /// Name of the sandbox.
        sandbox: String,
        /// Name of the profile.
        profile: String,
    },
    /// A provider was taken.
    #[serde(rename = "provider.chosen")]
    ProviderChosen {
        /// Its name.
        provider: String,
        /// Which gateway it gets, in words.
        gateway: String,
        /// Why every better one was not taken.
        refused: Vec<Refusal>,
    },
    /// A step began.
    #[serde(rename = "step.started")]
    StepStarted {
        /// Id of the step in the plan.
        step: String,
        /// What people call it.
        title: String,
    },
    /// A step waits; sent when what it waits for changes, at most once a second.
    #[serde(rename = "step.waiting")]
    StepWaiting {
        /// Id of the step in the plan.
        step: String,
        /// Object, condition and last message.
        waits_for: String,
    },
    /// A step ended.
    #[serde(rename = "step.finished")]
    StepFinished {
        /// Id of the step in the plan.
        step: String,
        /// What people call it.
        title: String,
        /// What became of it.
        change: Change,
        /// How long it took.
        seconds: f64,
        /// The one fact worth knowing.
        detail: String,
    },
    /// Scenarios begin.
    #[serde(rename = "scenarios.started")]
    ScenariosStarted {
        /// How many.
        count: usize,
        /// Seed of their order.
        seed: u64,
        /// How many run at a time.
        parallel: usize,
        /// Against what, in words.
        target: String,
    },
    /// A scenario ended.
    #[serde(rename = "scenario.finished")]
    ScenarioFinished(Box<ScenarioReport>),
    /// All scenarios ended.
    #[serde(rename = "scenarios.finished")]
    ScenariosFinished {
        /// Their verdicts, counted.
        #[serde(flatten)]
        tally: Tally,
        /// How long they took together.
        seconds: f64,
    },
}

/// Why a provider was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Its name.
    pub provider: String,
    /// The reason, in words.
    pub reason: String,
    /// The stable id of that reason, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// What became of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It changed something.
    Made,
    /// All was as wanted.
    Unchanged,
    /// It could not, and the sandbox works without it.
    Warned,
    /// It failed.
    Failed,
}
