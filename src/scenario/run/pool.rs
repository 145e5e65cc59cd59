//! Many scenarios: in random order, several at a time, each cleaned up after.

use super::{
    RunOptions, Target, client,
    objects::ObjectRef,
    order::shuffled,
    reason_to_skip,
    trial::{Ended, Trial},
    wait::Pause,
};
use crate::event::{Events, Fact, ScenarioReport, Tally, Verdict};
use crate::exchange::Lane;
use crate::scenario::spec::Scenario;
use std::{collections::VecDeque, sync::Arc, time::Duration, time::Instant};
use tokio::{task::JoinSet, time::timeout};
use tokio_util::sync::CancellationToken;

/// How long it may take to clean up after one scenario.
const CLEANED_WITHIN: Duration = Duration::from_secs(10);

/// How long the namespace of an earlier run may take to go.
const DEPARTED_WITHIN: Duration = Duration::from_secs(90);

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
    let mut waiting: VecDeque<Arc<Scenario>> = shuffled(selection, options.seed).into();
    let http = client::http_client();
    let (mut running, mut cleaning) = (JoinSet::new(), JoinSet::new());
    let mut tally = Tally::default();
    loop {
        while running.len() < parallel
            && let Some(scenario) = waiting.pop_front()
        {
            let (target, http, cancel) = (target.clone(), http.as_ref().ok().cloned(), cancel.clone());
            running.spawn(async move { one(scenario, target, http, options.deadline, cancel).await });
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

async fn one(
    scenario: Arc<Scenario>,
    target: Target,
    http: Option<reqwest::Client>,
    deadline: Duration,
    cancel: CancellationToken,
) -> (ScenarioReport, Arc<Scenario>) {
    let began = Instant::now();
    let mut report = ScenarioReport {
        id: scenario.id.clone(),
        title: scenario.title.clone(),
        verdict: Verdict::Skip,
        seconds: 0.0,
        reason: None,
        failure: None,
    };
    let reason = match http {
        _ if cancel.is_cancelled() => Some("the run was cancelled".to_owned()),
        None => Some("no HTTP client could be made on this machine".to_owned()),
        Some(_) => reason_to_skip(&scenario, &target.facts),
    };
    match (reason, http) {
        (None, Some(http)) => {
            let mut trial = Trial::new(Arc::clone(&scenario), target.clone(), http);
            tokio::select! {
                biased;
                () = cancel.cancelled() => report.reason = Some("the run was cancelled".to_owned()),
                ended = after_earlier_run(&scenario, &target, trial.run(deadline)) => {
                    let Ended { verdict, reason, failure } = ended;
                    (report.verdict, report.reason, report.failure) = (verdict, reason, failure);
                }
            }
        }
        (reason, _) => report.reason = reason,
    }
    report.seconds = began.elapsed().as_secs_f64();
    (report, scenario)
}

/// Runs a trial once the namespace of an earlier run is gone: until then nothing can be made in it. Its time counts to nobody.
async fn after_earlier_run<T>(scenario: &Scenario, target: &Target, trial: impl Future<Output = T>) -> T {
    let name = scenario.slug();
    let namespace = ObjectRef { kind: "Namespace".to_owned(), namespace: name.clone(), name };
    let gone = async {
        let mut pause = Pause::new();
        while let Ok(Some(found)) = namespace.read(&target.cluster).await
            && found.pointer("/metadata/deletionTimestamp").is_some()
        {
            pause.take().await;
        }
    };
    // One that stays is told by the API when the trial applies its objects.
    let _ = timeout(DEPARTED_WITHIN, gone).await;
    trial.await
}

/// Takes away what a scenario made. Gateways first: a namespace waits for their pods otherwise.
async fn clean_up(scenario: Arc<Scenario>, target: Target) {
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
        let _ = object("Namespace", &namespace).delete(&target.cluster).await;
        let _ = target.mocks.forget(&Lane::named(namespace.clone())).await;
    })
    .await;
}
