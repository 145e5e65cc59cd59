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
    /// Something that a person should know.
    #[serde(rename = "note")]
    Note {
        /// It, in words.
        text: String,
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
    /// `up` ended; always its last event.
    #[serde(rename = "up.finished")]
    UpFinished(Box<UpFinished>),
    /// `test` ended; always its last event.
    #[serde(rename = "test.finished")]
    TestFinished {
        /// Verdicts, counted.
        #[serde(flatten)]
        tally: Tally,
        /// Why the run itself failed.
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<ErrorFact>,
        /// Exit code, where it is not 0.
        #[serde(skip_serializing_if = "Option::is_none")]
        exit: Option<u8>,
    },
    /// `down` waits; sent when what it waits for changes, at most once a second.
    #[serde(rename = "down.waiting")]
    DownWaiting {
        /// Object, and what keeps it from going.
        waits_for: String,
    },
    /// `down` ended; always its last event.
    #[serde(rename = "down.finished")]
    DownFinished {
        /// Whether all is gone.
        ok: bool,
        /// Whether there was anything to remove.
        removed: bool,
        /// What was taken away, one by one, from a cluster that stays.
        gone: Vec<String>,
        /// What is ours and had to stay there, with the reason.
        stays: Vec<String>,
        /// Why it failed.
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<ErrorFact>,
        /// Exit code, where it is not 0.
        #[serde(skip_serializing_if = "Option::is_none")]
        exit: Option<u8>,
    },
}

/// How `up` ended.
#[derive(Debug, Clone, Default, Serialize)]
pub struct UpFinished {
    /// Whether a verified gateway is up.
    pub ok: bool,
    /// The provider taken, where it came that far.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Mutating calls to the Kubernetes API, those of scenarios included.
    pub writes: u64,
    /// How long it took.
    pub seconds: f64,
    /// The chain of steps that made it take so long.
    #[serde(rename = "criticalPath", skip_serializing_if = "Option::is_none")]
    pub critical_path: Option<CriticalPath>,
    /// Base URL of the gateway.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// URL of the MCP endpoint.
    #[serde(rename = "mcpUrl", skip_serializing_if = "Option::is_none")]
    pub mcp_url: Option<String>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorFact>,
    /// Exit code, where it is not 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit: Option<u8>,
}

/// A chain of steps in which each waited for the one before it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct CriticalPath {
    /// Their time together.
    pub seconds: f64,
    /// The steps in order, from `preparation` to `scenarios` where these ran.
    pub steps: Vec<StepTime>,
}

/// How long a step took.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepTime {
    /// Its name.
    pub step: String,
    /// Its time.
    pub seconds: f64,
}

/// An error in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErrorFact {
    /// Stable id.
    pub id: String,
    /// What went wrong, with its causes.
    pub message: String,
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
