//! What steps work on: the sandbox's state, and what earlier steps found.

use super::ExecuteError;
use crate::{
    chart::Supply,
    cluster::{Cluster, Writes},
    event::{Events, Fact},
    plan::StepId,
    provider::{ClusterFacts, Provider},
};
use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::{Duration, Instant},
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// What steps work on.
pub struct World {
    /// The sandbox's name.
    pub sandbox: String,
    /// The sandbox's state directory.
    pub home: PathBuf,
    /// Who is told what happens.
    pub events: Events,
    /// Where charts and definitions come from.
    pub supply: Arc<Supply>,
    /// Ends the work.
    pub cancel: CancellationToken,
    /// The count of mutating calls.
    pub writes: Writes,
    provider: watch::Sender<Option<Provider>>,
    cluster: OnceLock<(Cluster, ClusterFacts)>,
    url: OnceLock<String>,
    told: Mutex<HashMap<StepId, (Instant, String)>>,
}

/// What a step waits for is told when it changes, but not more often than this.
const TELL_EVERY: Duration = Duration::from_secs(1);

impl World {
    /// A world of which nothing is known yet.
    pub fn new(sandbox: &str, home: PathBuf, supply: Arc<Supply>, events: Events, cancel: CancellationToken) -> Self {
        let (cluster, url, told) = (OnceLock::new(), OnceLock::new(), Mutex::default());
        let (sandbox, writes, provider) = (sandbox.to_owned(), Writes::default(), watch::Sender::new(None));
        Self { sandbox, home, supply, events, cancel, writes, provider, cluster, url, told }
    }

    /// Keeps the provider that the cluster comes from.
    pub fn found_provider(&self, provider: Provider) {
        self.provider.send_replace(Some(provider));
    }

    /// The provider, as soon as there is one. Never comes if the cluster's step fails before.
    pub async fn provider(&self) -> Option<Provider> {
        let mut chosen = self.provider.subscribe();
        // It cannot fail while this world holds the sender.
        chosen.wait_for(Option::is_some).await.ok()?.clone()
    }

    /// Keeps the cluster that was found; a second one is ignored.
    pub fn found_cluster(&self, cluster: Cluster, facts: ClusterFacts) {
        let _ = self.cluster.set((cluster, facts));
    }

    /// Keeps the gateway's URL.
    pub fn found_url(&self, url: String) {
        let _ = self.url.set(url);
    }

    /// The cluster.
    pub fn cluster(&self) -> Result<&Cluster, ExecuteError> {
        Ok(&self.found()?.0)
    }

    /// The facts of the cluster.
    pub fn facts(&self) -> Result<&ClusterFacts, ExecuteError> {
        Ok(&self.found()?.1)
    }

    fn found(&self) -> Result<&(Cluster, ClusterFacts), ExecuteError> {
        self.cluster.get().ok_or(ExecuteError::NotYet { step: "cluster".to_owned(), what: "the cluster" })
    }

    /// The gateway's URL.
    pub fn url(&self) -> Option<&str> {
        self.url.get().map(String::as_str)
    }

    /// Tells what a step waits for: object, condition and last message. Short waits are not worth a word.
    pub fn waits(&self, step: &StepId, waits_for: String) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, last) = told.entry(step.clone()).or_insert_with(|| (Instant::now(), String::new()));
        if at.elapsed() < TELL_EVERY || *last == waits_for {
            return;
        }
        (*at, *last) = (Instant::now(), waits_for.clone());
        self.events.emit(Fact::StepWaiting { step: step.to_string(), waits_for });
    }
}
