//! What is told of a scenario when it has ended.

use crate::exchange::Exchange;
use serde::Serialize;

/// How a scenario ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Every expectation held.
    Pass,
    /// One did not.
    Fail,
    /// It cannot run here; the reason is told.
    Skip,
    /// The gateway has a defect that the release is known to have; all else holds.
    ExpectedDefect,
    /// The gateway is right although the release is known to have a defect: the scenario has to change.
    Stale,
    /// It passed on a second try only.
    Flaky,
}

/// One scenario and its end.
#[derive(Debug, Clone, Serialize)]
pub struct ScenarioReport {
    /// Id, `POL-10`.
    pub id: String,
    /// Title.
    pub title: String,
    /// How it ended.
    pub verdict: Verdict,
    /// How long it took, clean-up included.
    pub seconds: f64,
    /// Why it was skipped, or which known defect the gateway has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The evidence of a failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// What went over the wire although all held, where it was asked for; not part of the lines of `--output json`.
    #[serde(skip)]
    pub evidence: Option<Failure>,
}

/// Everything that a person needs to see why a scenario failed.
#[derive(Debug, Clone, Serialize)]
pub struct Failure {
    /// Scenario file, relative to the catalogue's root.
    pub file: String,
    /// The expectations that broke, in order.
    pub broken: Vec<Broken>,
    /// What the client sent and got, in order, this scenario only.
    pub client: Vec<ClientExchange>,
    /// What the mocks received in this scenario's lane.
    pub received: Vec<Exchange>,
    /// The scenario's objects with their conditions.
    pub objects: Vec<ObjectState>,
}

/// An expectation that did not hold.
#[derive(Debug, Clone, Serialize)]
pub struct Broken {
    /// Line in the scenario file, counted from 1; 0 where there is none.
    pub line: usize,
    /// That line's text.
    pub text: String,
    /// What was expected, in words.
    pub expected: String,
    /// What was seen instead, in words.
    pub got: String,
}

/// One request of a scenario's client and the answer to it. Credentials are tokens.
#[derive(Debug, Clone, Serialize)]
pub struct ClientExchange {
    /// Position in the scenario, from 1.
    pub number: usize,
    /// When it was sent.
    pub at: jiff::Timestamp,
    /// `POST /v1/chat/completions`.
    pub request_line: String,
    /// Request headers.
    pub request_headers: Vec<(String, String)>,
    /// Request body.
    pub request_body: String,
    /// Status of the answer; `None` where none came.
    pub status: Option<u16>,
    /// Headers of the answer.
    pub headers: Vec<(String, String)>,
    /// Body of the answer, or what went wrong.
    pub body: String,
    /// Milliseconds from the first byte sent to the last received.
    pub milliseconds: f64,
    /// Milliseconds from the first byte sent to the first event of a stream.
    #[serde(rename = "firstEvent", skip_serializing_if = "Option::is_none")]
    pub first_event: Option<f64>,
    /// Events of a stream.
    pub events: usize,
    /// How the body ended.
    pub end: String,
}

/// An object and its conditions in short: `AgentgatewayPolicy pol-10/limit`, `Accepted=True, Attached=True`.
#[derive(Debug, Clone, Serialize)]
pub struct ObjectState {
    /// Kind, namespace and name.
    pub object: String,
    /// Conditions.
    pub conditions: String,
}

/// Verdicts, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Passed.
    pub passed: usize,
    /// Failed.
    pub failed: usize,
    /// Skipped, each with its reason.
    pub skipped: usize,
    /// With a defect that the release is known to have.
    pub expected: usize,
    /// Right although a defect was expected.
    pub stale: usize,
    /// Passed on a second try only.
    pub flaky: usize,
}

impl Tally {
    /// Counts one more.
    pub fn count(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Pass => self.passed += 1,
            Verdict::Fail => self.failed += 1,
            Verdict::Skip => self.skipped += 1,
            Verdict::ExpectedDefect => self.expected += 1,
            Verdict::Stale => self.stale += 1,
            Verdict::Flaky => self.flaky += 1,
        }
    }

    /// Counts those of another round too.
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.expected += other.expected;
        self.stale += other.stale;
        self.flaky += other.flaky;
    }

    /// Whether the run as a whole is green.
    pub fn is_green(&self) -> bool {
        self.failed == 0 && self.stale == 0 && self.flaky == 0
    }

    /// How many there were.
    pub fn total(&self) -> usize {
        self.passed + self.failed + self.skipped + self.expected + self.stale + self.flaky
    }
}
