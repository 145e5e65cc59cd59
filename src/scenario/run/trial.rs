//! One scenario against a target: prepare, do, judge.

use super::{
    Target,
    client::LONGEST_EXCHANGE,
    mcp::McpSessions,
    objects::{ObjectError, ObjectRef},
    outcome::{Outcome, broken_at},
    wait::Pause,
};
use crate::canonical::Wiring;
use crate::event::{Broken, ClientExchange, Failure, Verdict};
use crate::exchange::{Lane, MockAdminError};
use crate::scenario::spec::{Action, Eventually, Place, Release, Scenario, Step};
use indexmap::IndexMap;
use serde_json::Value;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::{Instant, timeout};

/// How long it may take to gather evidence.
const EVIDENCE_WITHIN: Duration = Duration::from_secs(2);

/// Why a scenario could not be judged.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error("{0}")]
    Given(#[from] crate::canonical::CanonicalError),
    #[error("{0}")]
    Object(#[from] ObjectError),
    #[error("{0}")]
    Mocks(#[from] MockAdminError),
    #[error("the Service {0} gives no port to reach its Gateway by")]
    NoPort(ObjectRef),
    #[error("metrics and access log cannot be read: {0}")]
    Unobserved(String),
}

/// A scenario that is being run.
pub(super) struct Trial {
    pub scenario: Arc<Scenario>,
    pub(super) target: Target,
    pub(super) http: reqwest::Client,
    pub(super) lane: Lane,
    pub(super) mocks: Vec<String>,
    pub(super) objects: Vec<ObjectRef>,
    pub(super) gateways: IndexMap<String, String>,
    /// What is wired up now, and the objects that were applied for it.
    pub(super) wiring: Wiring,
    pub(super) applied: Vec<Value>,
    pub(super) sessions: McpSessions,
    pub(super) client: Vec<ClientExchange>,
    /// How long the client waits for the end of an answer: less than the scenario has, so that it can tell of it.
    pub(super) exchange_within: Duration,
    /// How many requests were sent.
    pub(super) sent: usize,
    pub(super) broken: Vec<Broken>,
    /// Known defects that were seen.
    defects: Vec<String>,
    is_stale: bool,
    /// Where it is, and what it waits for: the cause when time runs out.
    stage: Place,
    waits_for: Mutex<String>,
}

/// How a trial ended.
pub(super) struct Ended {
    pub verdict: Verdict,
    /// The known defects that were seen, in words.
    pub reason: Option<String>,
    pub failure: Option<Failure>,
    /// What went over the wire although all held, where somebody wants to see it.
    pub evidence: Option<Failure>,
}

impl Trial {
    pub fn new(scenario: Arc<Scenario>, target: Target, http: reqwest::Client) -> Self {
        let lane = Lane::named(scenario.slug());
        Self {
            scenario,
            target,
            http,
            lane,
            mocks: Vec::new(),
            objects: Vec::new(),
            gateways: IndexMap::new(),
            wiring: Wiring::default(),
            applied: Vec::new(),
            sessions: McpSessions::default(),
            client: Vec::new(),
            exchange_within: LONGEST_EXCHANGE,
            sent: 0,
            broken: Vec::new(),
            defects: Vec::new(),
            is_stale: false,
            stage: Place::top().key("given"),
            waits_for: Mutex::new("its objects to be applied".to_owned()),
        }
    }

    /// Runs it to its end, within a deadline to which the waits that it asks for are added.
    pub async fn run(&mut self, deadline: Duration, keeps_evidence: bool) -> Ended {
        self.exchange_within = LONGEST_EXCHANGE.min(deadline * 4 / 5);
        let deadline = deadline + self.scenario.waits();
        match timeout(deadline, self.go()).await {
            Ok(Ok(())) => {}
            Ok(Err(trouble)) => self.breaks("no trouble on the way", trouble.to_string()),
            Err(_) => {
                let waited = self.waits_for.lock().unwrap_or_else(PoisonError::into_inner).clone();
                self.breaks(format!("an end within {} s", deadline.as_secs_f64()), format!("a wait for {waited}"));
            }
        }
        let reason = (!self.defects.is_empty()).then(|| self.defects.join("; "));
        if self.broken.is_empty() {
            let verdict = if reason.is_some() { Verdict::ExpectedDefect } else { Verdict::Pass };
            let evidence = match keeps_evidence {
                true => timeout(EVIDENCE_WITHIN, self.failure()).await.ok(),
                false => None,
            };
            return Ended { verdict, reason, failure: None, evidence };
        }
        // What the evidence costs must not hang either; what cannot be had in time is left out.
        let failure = timeout(EVIDENCE_WITHIN, self.failure()).await.unwrap_or_else(|_| self.bare_failure());
        let verdict = if self.is_stale { Verdict::Stale } else { Verdict::Fail };
        Ended { verdict, reason, failure: Some(failure), evidence: None }
    }

    async fn go(&mut self) -> Result<(), Trouble> {
        self.prepare().await?;
        let scenario = Arc::clone(&self.scenario);
        let release = Release::parse(&self.target.facts.release);
        for (index, step) in scenario.steps.iter().enumerate() {
            self.stage = Place::top().key("steps").index(index).key("when");
            self.waits(format!("step {} to end", index + 1));
            let outcome = match step.eventually {
                None => self.step(step, release).await?,
                Some(repeat) => self.repeated(step, repeat, release).await?,
            };
            match outcome {
                Outcome::Holds => {}
                Outcome::Defect(about) => self.defects.push(about),
                Outcome::Stale(broken) => {
                    self.is_stale = true;
                    self.broken.push(broken);
                    return Ok(());
                }
                Outcome::Broken(broken) => {
                    self.broken = broken;
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    async fn step(&mut self, step: &Step, release: Option<Release>) -> Result<Outcome, Trouble> {
        match &step.action {
            Action::Http(_) | Action::Llm(..) | Action::Mcp(_) => self.traffic(step, release).await,
            Action::McpSuite(call) => self.mcp_suite(step, call, release).await,
            Action::Read(call, within) => self.read(step, call, *within, release).await,
            Action::Apply(call) => self.apply(step, call, release).await,
            Action::Remove(objects) => {
                self.remove(objects).await?;
                self.quiet(step, release).await
            }
            Action::Mock(mocks) => {
                self.behave(mocks).await?;
                self.quiet(step, release).await
            }
            Action::Wait(time) => {
                tokio::time::sleep(*time).await;
                self.quiet(step, release).await
            }
        }
    }

    /// Repeats a step until it holds so often in a row. What did not hold is forgotten when it does.
    async fn repeated(
        &mut self,
        step: &Step,
        repeat: Eventually,
        release: Option<Release>,
    ) -> Result<Outcome, Trouble> {
        let until = Instant::now() + repeat.within;
        let kept = self.client.len();
        let mut successes = 0;
        let mut pause = Pause::new();
        loop {
            let outcome = self.step(step, release).await?;
            match outcome {
                Outcome::Broken(_) => successes = 0,
                _ => successes += 1,
            }
            if successes >= repeat.successes || Instant::now() >= until {
                return Ok(outcome);
            }
            self.client.truncate(kept);
            if successes == 0 {
                pause.take().await;
            }
        }
    }

    fn breaks(&mut self, expected: impl Into<String>, got: impl Into<String>) {
        self.broken.push(broken_at(&self.scenario, &self.stage, expected.into(), got.into()));
    }

    pub(super) fn base(&self, gateway: Option<&str>) -> String {
        let own = match gateway {
            Some(name) => self.gateways.get(name),
            None => self.gateways.first().map(|(_, url)| url),
        };
        own.unwrap_or(&self.target.gateway_url).trim_end_matches('/').to_owned()
    }

    pub(super) fn waits(&self, what: String) {
        *self.waits_for.lock().unwrap_or_else(PoisonError::into_inner) = what;
    }
}
