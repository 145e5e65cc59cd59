//! Metrics and access log around a step: a look before it, and looks after it until they tell of its requests.

use super::{observations::Observations, wait::Pause};
use crate::canonical::GatewayRef;
use crate::scenario::expect::{Evidence, Expectation, LogLine, Samples, Subject, judge};
use std::time::Duration;
use tokio::time::Instant;

/// How long a gateway may take to tell of a request that has ended.
const TOLD_WITHIN: Duration = Duration::from_secs(2);

/// What the gateway told before the step.
pub(super) struct Before {
    gateway: GatewayRef,
    host: String,
    metrics: Option<Samples>,
    log: Option<Vec<String>>,
}

impl Before {
    /// Looks at what some expectations are about; most are about neither. The error says why there is nothing to see.
    pub async fn look(
        observations: &Observations,
        expectations: &[&Expectation],
        gateway: &GatewayRef,
        host: &str,
    ) -> Result<Self, String> {
        let any = |of: fn(&Subject) -> bool| expectations.iter().any(|expectation| of(&expectation.subject));
        let metrics = match any(is_metric) {
            true => Some(observations.metrics(gateway).await?),
            false => None,
        };
        let log = match any(is_log) {
            true => Some(observations.log(gateway, host).await?),
            false => None,
        };
        Ok(Self { gateway: gateway.clone(), host: host.to_owned(), metrics, log })
    }

    /// Looks again until the gateway has told what is expected, or should have.
    pub async fn after(
        self,
        observations: &Observations,
        expectations: &[&Expectation],
        requests: usize,
        evidence: &mut Evidence,
    ) {
        let until = Instant::now() + TOLD_WITHIN;
        if let Some(before) = self.metrics {
            let mut pause = Pause::new();
            loop {
                let Ok(now) = observations.metrics(&self.gateway).await else { break };
                evidence.metrics = Some((before.clone(), now));
                let mut told = expectations.iter().filter(|expectation| is_metric(&expectation.subject));
                if told.all(|expectation| judge(expectation, evidence).is_none()) || Instant::now() > until {
                    break;
                }
                pause.take().await;
            }
        }
        if let Some(before) = self.log {
            let mut pause = Pause::new();
            loop {
                let Ok(now) = observations.log(&self.gateway, &self.host).await else { break };
                let new: Vec<&String> = now.iter().filter(|line| !before.contains(line)).collect();
                evidence.log = new.last().map(|line| LogLine::parse(line));
                if new.len() >= requests || Instant::now() > until {
                    break;
                }
                pause.take().await;
            }
        }
    }
}

fn is_metric(subject: &Subject) -> bool {
    matches!(subject, Subject::Metric(_))
}

fn is_log(subject: &Subject) -> bool {
    matches!(subject, Subject::Log(_))
}
