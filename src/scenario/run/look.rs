//! Steps that look at an object.

use super::{
    objects::ObjectRef,
    outcome::{Judge, Outcome, Seen},
    trial::{Trial, Trouble},
    wait::Pause,
};
use crate::scenario::{
    expect::{Evidence, Subject},
    spec::{ReadCall, Release, Step},
};
use std::time::Duration;
use tokio::time::Instant;

impl Trial {
    /// Looks at an object until it is as expected or the time is over.
    pub(super) async fn read(
        &mut self,
        step: &Step,
        call: &ReadCall,
        within: Duration,
        release: Option<Release>,
    ) -> Result<Outcome, Trouble> {
        let scenario = std::sync::Arc::clone(&self.scenario);
        let judge = Judge::new(&scenario, step, release);
        let likely = judge.likely();
        let namespace = call.namespace.clone().unwrap_or_else(|| scenario.slug());
        let object = ObjectRef { kind: call.kind.clone(), namespace, name: call.name.clone() };
        let with_events = likely.iter().any(|expectation| matches!(expectation.subject, Subject::Events));
        let until = Instant::now() + within.max(self.target.facts.settles_within());
        let mut pause = Pause::new();
        loop {
            let mut evidence = Evidence { object: object.read(&self.target.cluster).await?, ..Evidence::default() };
            if with_events {
                evidence.events = object.events(&self.target.cluster).await?;
            }
            evidence.received = self.received(&likely).await?;
            let outcome = judge.outcome(&Seen { answers: Vec::new(), evidence });
            let over = Instant::now() >= until;
            if over && !self.objects.contains(&object) {
                self.objects.push(object.clone());
            }
            if over || matches!(outcome, Outcome::Holds | Outcome::Defect(_)) {
                return Ok(outcome);
            }
            pause.take().await;
        }
    }
}
