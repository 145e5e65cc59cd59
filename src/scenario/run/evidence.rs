//! Evidence of a failure, gathered before anything is cleaned up.

use super::{
    converge::in_short,
    outcome::{expected_count, needs_mocks},
    trial::{Trial, Trouble},
};
use crate::event::{Failure, ObjectState};
use crate::exchange::Exchange;
use crate::scenario::expect::Expectation;
use futures_util::future::{join_all, try_join_all};
use indexmap::IndexMap;
use std::time::Duration;

/// How long a mock may take to notice that an exchange has ended.
const RECORDED_WITHIN: Duration = Duration::from_millis(500);

impl Trial {
    /// What the mocks have received, once as many exchanges as are expected have ended; nothing where nobody asks.
    pub(super) async fn received(
        &self,
        expectations: &[&Expectation],
    ) -> Result<IndexMap<String, Vec<Exchange>>, Trouble> {
        let asked: Vec<&Expectation> = expectations.iter().copied().filter(|of| needs_mocks(of)).collect();
        if asked.is_empty() {
            return Ok(IndexMap::new());
        }
        let ask = self.mocks.iter().map(|mock| async {
            let count = expected_count(&asked, mock);
            let exchanges = self.target.mocks.wait_for(&self.lane, mock, count, RECORDED_WITHIN).await?;
            Ok::<_, Trouble>((mock.clone(), exchanges))
        });
        Ok(try_join_all(ask).await?.into_iter().collect())
    }

    /// All that the mocks have received in this lane, in the order of arrival.
    pub(super) async fn all_received(&self) -> Vec<Exchange> {
        let received = join_all(self.mocks.iter().map(|mock| self.target.mocks.exchanges(&self.lane, mock))).await;
        let mut received: Vec<_> = received.into_iter().flatten().flatten().collect();
        received.sort_by_key(|exchange| exchange.sequence);
        received
    }

    /// The conditions of the scenario's objects.
    pub(super) async fn object_states(&self) -> Vec<ObjectState> {
        let states = self.objects.iter().map(|object| async {
            let seen = object.read(&self.target.cluster).await.ok().flatten()?;
            let conditions = in_short(&seen);
            (conditions != "none").then(|| ObjectState { object: object.to_string(), conditions })
        });
        join_all(states).await.into_iter().flatten().collect()
    }

    pub(super) async fn failure(&self) -> Failure {
        let (received, objects) = tokio::join!(self.all_received(), self.object_states());
        Failure { received, objects, ..self.bare_failure() }
    }

    pub(super) fn bare_failure(&self) -> Failure {
        Failure {
            file: self.scenario.text.file.clone(),
            broken: self.broken.clone(),
            client: self.client.clone(),
            received: Vec::new(),
            objects: Vec::new(),
        }
    }
}
