//! Steps that send something through the gateway.

use super::{
    client::{self, Request},
    observe::Before,
    outcome::{Judge, Outcome, Seen},
    request,
    trial::{Trial, Trouble},
};
use crate::canonical::GatewayRef;
use crate::event::ClientExchange;
use crate::scenario::{
    expect::Answer,
    spec::{Action, Release, Step},
};
use futures_util::{FutureExt, StreamExt, stream};

/// Exchanges of one scenario that are kept for its report.
const MOST_EXCHANGES: usize = 100;

impl Trial {
    /// Sends what the step says as often as it says, and judges the answers.
    pub(super) async fn traffic(&mut self, step: &Step, release: Option<Release>) -> Result<Outcome, Trouble> {
        let scenario = std::sync::Arc::clone(&self.scenario);
        let judge = Judge::new(&scenario, step, release);
        let likely = judge.likely();
        let gateway = self.gateway_of(step);
        let host = self.host_of(step);
        let before = Before::look(&self.target.observations, &likely, &gateway, &host).await;
        let before = before.map_err(Trouble::Unobserved)?;
        self.credential = self.minted(step).await?;
        let answers = match step.parallel {
            1 => self.one_by_one(step, &judge).await,
            parallel => self.at_once(step, parallel as usize).await,
        };
        let mut seen = Seen { answers, ..Seen::default() };
        let evidence = &mut seen.evidence;
        evidence.answer = seen.answers.last().cloned();
        evidence.statuses = seen.answers.iter().map(|answer| answer.status).collect();
        evidence.received = self.received(&likely).await?;
        before.after(&self.target.observations, &likely, seen.answers.len(), evidence).await;
        Ok(judge.outcome(&seen))
    }

    /// One after the other; the first answer that is wrong is the last.
    async fn one_by_one(&mut self, step: &Step, judge: &Judge<'_>) -> Vec<Answer> {
        let mut answers = Vec::new();
        for _ in 0..step.times {
            let request = self.request(step);
            let (answer, exchange) = client::send(&self.http, &request, self.sent + 1).await;
            if let Action::Mcp(call) = &step.action {
                self.sessions.remember(call, &answer.headers, answer.json.as_ref());
            }
            self.remember(exchange);
            let goes_on = judge.may_hold(&answer);
            answers.push(answer);
            if !goes_on {
                break;
            }
        }
        answers
    }

    /// Several at a time.
    async fn at_once(&mut self, step: &Step, parallel: usize) -> Vec<Answer> {
        let first = self.sent + 1;
        let mut sending = Vec::new();
        for index in 0..step.times as usize {
            let (http, request) = (self.http.clone(), self.request(step));
            sending.push(async move { client::send(&http, &request, first + index).await }.boxed());
        }
        let ended: Vec<_> = stream::iter(sending).buffered(parallel).collect().await;
        let (answers, exchanges): (Vec<_>, Vec<_>) = ended.into_iter().unzip();
        exchanges.into_iter().for_each(|exchange| self.remember(exchange));
        answers
    }

    fn remember(&mut self, exchange: ClientExchange) {
        self.sent += 1;
        if self.client.len() >= MOST_EXCHANGES {
            self.client.remove(0);
        }
        self.client.push(exchange);
    }

    fn request(&mut self, step: &Step) -> Request {
        let host = self.scenario.host();
        let mut request = match &step.action {
            Action::Http(call) => request::http(call, self.base(call.gateway.as_deref()), &host),
            Action::Llm(dialect, call) => request::llm(*dialect, call, self.base(call.gateway.as_deref()), &host),
            Action::Mcp(call) => {
                let base = self.base(call.gateway.as_deref());
                self.sessions.request(call, base, &host)
            }
            _ => Request::default(),
        };
        request.headers.extend(self.credential.clone());
        request.leave = step.leave;
        request.within = Some(self.exchange_within);
        request
    }

    /// The Gateway that a step's requests go to.
    fn gateway_of(&self, step: &Step) -> GatewayRef {
        let named = match &step.action {
            Action::Http(call) => call.gateway.as_deref(),
            Action::Llm(_, call) => call.gateway.as_deref(),
            Action::Mcp(call) => call.gateway.as_deref(),
            _ => None,
        };
        match named {
            Some(name) => GatewayRef { namespace: self.scenario.slug(), name: name.to_owned() },
            None => super::given::gateway_of(&self.scenario, &self.target.gateway),
        }
    }

    /// The host that a step's requests are for, without a port.
    fn host_of(&self, step: &Step) -> String {
        let named = match &step.action {
            Action::Http(call) => call.host.as_deref(),
            Action::Llm(_, call) => call.host.as_deref(),
            Action::Mcp(call) => call.host.as_deref(),
            _ => None,
        };
        let host = named.map_or_else(|| self.scenario.host(), str::to_owned);
        host.rsplit_once(':').map_or(host.clone(), |(name, _)| name.to_owned())
    }
}
