//! One scenario against a target: prepare, do, judge.

use super::{
    Target,
    client::{self, Request},
    converge::in_short,
    mcp::McpSessions,
    objects::{ObjectError, ObjectRef},
    request,
    wait::Pause,
};
use crate::event::{Broken, ClientExchange, Failure, ObjectState};
use crate::exchange::{Exchange, Lane, MockAdminError};
use crate::scenario::{
    expect::{Answer, Evidence, Expectation, Matcher, Subject, judge},
    spec::{Action, Place, ReadCall, Release, Scenario, Step},
};
use futures_util::future::{join_all, try_join_all};
use indexmap::IndexMap;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::{Instant, timeout};

/// How long a mock may take to notice that an exchange has ended.
const RECORDED_WITHIN: Duration = Duration::from_millis(500);

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
    sessions: McpSessions,
    client: Vec<ClientExchange>,
    broken: Vec<Broken>,
    /// Where it is, and what it waits for: the cause when time runs out.
    stage: Place,
    waits_for: Mutex<String>,
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
            sessions: McpSessions::default(),
            client: Vec::new(),
            broken: Vec::new(),
            stage: Place::top().key("given"),
            waits_for: Mutex::new("its objects to be applied".to_owned()),
        }
    }

    /// Runs it; `None`: every expectation held.
    pub async fn run(&mut self, deadline: Duration) -> Option<Failure> {
        match timeout(deadline, self.go()).await {
            Ok(Ok(())) => {}
            Ok(Err(trouble)) => self.breaks("no trouble on the way", trouble.to_string()),
            Err(_) => {
                let waited = self.waits_for.lock().unwrap_or_else(PoisonError::into_inner).clone();
                self.breaks(format!("an end within {} s", deadline.as_secs_f64()), format!("a wait for {waited}"));
            }
        }
        if self.broken.is_empty() {
            return None;
        }
        // What the evidence costs must not hang either; what cannot be had in time is left out.
        Some(timeout(Duration::from_secs(2), self.failure()).await.unwrap_or_else(|_| self.bare_failure()))
    }

    async fn go(&mut self) -> Result<(), Trouble> {
        self.prepare().await?;
        let scenario = Arc::clone(&self.scenario);
        let release = Release::parse(&self.target.facts.release);
        for (index, step) in scenario.steps.iter().enumerate() {
            self.stage = Place::top().key("steps").index(index).key("when");
            self.waits(format!("step {} to end", index + 1));
            self.step(step, release).await?;
            if !self.broken.is_empty() {
                return Ok(());
            }
        }
        Ok(())
    }

    async fn step(&mut self, step: &Step, release: Option<Release>) -> Result<(), Trouble> {
        let expectations: Vec<&Expectation> = step.expectations(release).collect();
        if let Action::Read(call, within) = &step.action {
            return self.read(call, *within, &expectations).await;
        }
        let (of_mocks, of_answers): (Vec<&Expectation>, Vec<&Expectation>) =
            expectations.into_iter().partition(|expectation| needs_mocks(expectation));
        let mut evidence = Evidence::default();
        for _ in 0..step.times {
            let (answer, exchange) = self.send(step).await;
            self.client.push(exchange);
            evidence.answer = Some(answer);
            self.judge(&of_answers, &evidence);
            if !self.broken.is_empty() {
                break;
            }
        }
        if !of_mocks.is_empty() {
            evidence.received = self.received(&of_mocks).await?;
            self.judge(&of_mocks, &evidence);
        }
        Ok(())
    }

    async fn send(&mut self, step: &Step) -> (Answer, ClientExchange) {
        let host = self.scenario.host();
        let request: Request = match &step.action {
            Action::Http(call) => request::http(call, self.base(call.gateway.as_deref()), &host),
            Action::Chat(call) => request::chat(call, self.base(call.gateway.as_deref()), &host),
            Action::Mcp(call) => {
                let base = self.base(call.gateway.as_deref());
                self.sessions.request(call, base, &host)
            }
            Action::Read(..) => request::http(&Default::default(), self.base(None), &host),
        };
        let sent = client::send(&self.http, &request, self.client.len() + 1).await;
        if let Action::Mcp(call) = &step.action {
            self.sessions.remember(call, &sent.0.headers, sent.0.json.as_ref());
        }
        sent
    }

    /// Looks at an object until it is as expected or the time is over.
    async fn read(&mut self, call: &ReadCall, within: Duration, expectations: &[&Expectation]) -> Result<(), Trouble> {
        let namespace = call.namespace.clone().unwrap_or_else(|| self.scenario.slug());
        let object = ObjectRef { kind: call.kind.clone(), namespace, name: call.name.clone() };
        let until = Instant::now() + within;
        let mut pause = Pause::new();
        loop {
            let seen = object.read(&self.target.cluster).await?;
            let evidence = Evidence { object: seen, ..Evidence::default() };
            let holds = expectations.iter().all(|expectation| judge(expectation, &evidence).is_none());
            if holds {
                return Ok(());
            }
            if Instant::now() >= until {
                if !self.objects.contains(&object) {
                    self.objects.push(object);
                }
                self.judge(expectations, &evidence);
                return Ok(());
            }
            pause.take().await;
        }
    }

    fn judge(&mut self, expectations: &[&Expectation], evidence: &Evidence) {
        for expectation in expectations {
            if let Some(words) = judge(expectation, evidence) {
                self.broken.push(self.broken_at(&expectation.place, words.expected, words.got));
            }
        }
        self.broken.sort_by_key(|broken| broken.line);
    }

    fn breaks(&mut self, expected: impl Into<String>, got: impl Into<String>) {
        let broken = self.broken_at(&self.stage, expected.into(), got.into());
        self.broken.push(broken);
    }

    fn broken_at(&self, place: &Place, expected: String, got: String) -> Broken {
        let text = &self.scenario.text;
        let line = text.spot(place).line;
        Broken { line, text: text.line(line).to_owned(), expected, got }
    }

    /// What the mocks have received, once as many exchanges as are expected have ended.
    async fn received(&self, expectations: &[&Expectation]) -> Result<IndexMap<String, Vec<Exchange>>, Trouble> {
        let ask = self.mocks.iter().map(|mock| async move {
            let count = expected_count(expectations, mock);
            let exchanges = self.target.mocks.wait_for(&self.lane, mock, count, RECORDED_WITHIN).await?;
            Ok::<_, Trouble>((mock.clone(), exchanges))
        });
        Ok(try_join_all(ask).await?.into_iter().collect())
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

    async fn failure(&self) -> Failure {
        let received = join_all(self.mocks.iter().map(|mock| self.target.mocks.exchanges(&self.lane, mock))).await;
        let mut received: Vec<_> = received.into_iter().flatten().flatten().collect();
        received.sort_by_key(|exchange| exchange.sequence);
        let objects = join_all(self.objects.iter().map(|object| async {
            let seen = object.read(&self.target.cluster).await.ok().flatten()?;
            let conditions = in_short(&seen);
            (conditions != "none").then(|| ObjectState { object: object.to_string(), conditions })
        }));
        Failure { received, objects: objects.await.into_iter().flatten().collect(), ..self.bare_failure() }
    }

    fn bare_failure(&self) -> Failure {
        Failure {
            file: self.scenario.text.file.clone(),
            broken: self.broken.clone(),
            client: self.client.clone(),
            received: Vec::new(),
            objects: Vec::new(),
        }
    }
}

fn needs_mocks(expectation: &Expectation) -> bool {
    expectation.subject.mock().is_some() || matches!(expectation.matcher, Matcher::SentBy(_))
}

/// How many exchanges have to end before a mock's record is complete: the count that is expected, or one.
fn expected_count(expectations: &[&Expectation], mock: &str) -> usize {
    let mut least = 0;
    for expectation in expectations {
        match (&expectation.subject, &expectation.matcher) {
            (Subject::Count { mock: of }, Matcher::Literal(count)) if of == mock => {
                return count.as_u64().and_then(|count| usize::try_from(count).ok()).unwrap_or(0);
            }
            (subject, _) if subject.mock() == Some(mock) => least = 1,
            (_, Matcher::SentBy(of)) if of == mock => least = 1,
            _ => {}
        }
    }
    least
}
