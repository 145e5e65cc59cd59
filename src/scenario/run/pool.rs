//! Many scenarios: in random order, several at a time, each cleaned up after.

use super::{RunOptions, Target, attempt, client, objects::ObjectRef, order::shuffled};
use crate::event::{Events, Fact, Tally, Verdict};
use crate::exchange::Lane;
use crate::scenario::spec::Scenario;
use std::{collections::VecDeque, sync::Arc, time::Duration, time::Instant};
use tokio::{task::JoinSet, time::timeout};
use tokio_util::sync::CancellationToken;

/// How long it may take to clean up after one scenario.
const CLEANED_WITHIN: Duration = Duration::from_secs(10);

/// Runs scenarios and tells what became of each. Cancelled, it starts no more, ends those that run, and cleans up.
pub async fn run(
    selection: Vec<Arc<Scenario>>,
    target: &Target,
    options: RunOptions,
    events: &Events,
    cancel: CancellationToken,
) -> Tally {
    let began = Instant::now();
    let parallel = options.parallel.max(1);
    events.emit(Fact::ScenariosStarted {
        count: selection.len(),
        seed: options.seed,
        parallel,
        target: target.facts.to_string(),
    });
    let (timed, waiting): (Vec<_>, Vec<_>) =
        shuffled(selection, options.seed).into_iter().partition(|scenario| scenario.is_timed());
    let (mut waiting, mut timed) = (VecDeque::from(waiting), VecDeque::from(timed));
    let http = client::http_client();
    let (mut running, mut cleaning) = (JoinSet::new(), JoinSet::new());
    let mut tally = Tally::default();
    loop {
        while running.len() < parallel
            && let Some(scenario) = waiting.pop_front()
        {
            let (target, http, cancel) = (target.clone(), http.as_ref().ok().cloned(), cancel.clone());
            running.spawn(async move { attempt::one(scenario, target, http, options, cancel).await });
        }
        // What measures time comes last, one at a time, when nothing is cleaned up beside it.
        if running.is_empty()
            && let Some(scenario) = timed.pop_front()
        {
            while cleaning.join_next().await.is_some() {}
            waiting.push_back(scenario);
            continue;
        }
        let Some(ended) = running.join_next().await else { break };
        let Ok((report, scenario)) = ended else { continue };
        if report.verdict != Verdict::Skip || cancel.is_cancelled() {
            cleaning.spawn(clean_up(scenario, target.clone()));
        }
        tally.count(report.verdict);
        events.emit(Fact::ScenarioFinished(Box::new(report)));
    }
    while cleaning.join_next().await.is_some() {}
    events.emit(Fact::ScenariosFinished { tally, seconds: began.elapsed().as_secs_f64() });
    tally
}

/// Takes away what a scenario made. Gateways first: a namespace waits for their pods otherwise.
pub(super) async fn clean_up(scenario: Arc<Scenario>, target: Target) {
    let namespace = scenario.slug();
    let object = |kind: &str, name: &str| ObjectRef {
        kind: kind.to_owned(),
        namespace: namespace.clone(),
        name: name.to_owned(),
    };
    // What is left behind when the cluster is gone is gone with it, so there is nothing to tell.
    let _ = timeout(CLEANED_WITHIN, async {
        for gateway in &scenario.given.gateways {
            let _ = object("Gateway", &gateway.name).delete(&target.cluster).await;
        }
        for name in scenario.namespaces() {
            let _ = object("Namespace", &name).delete(&target.cluster).await;
        }
        let _ = target.mocks.forget(&Lane::named(namespace.clone())).await;
    })
    .await;
}
