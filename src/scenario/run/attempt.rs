//! One scenario from beginning to end: skipped, run, and run again where it failed.

use super::{
    RunOptions, Target,
    objects::ObjectRef,
    pool::clean_up,
    reason_to_skip,
    trial::{Ended, Trial},
    wait::Pause,
};
use crate::event::{ScenarioReport, Verdict};
use crate::scenario::spec::Scenario;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// How long the namespace of an earlier run may take to go.
const DEPARTED_WITHIN: Duration = Duration::from_secs(90);

/// Runs a scenario. One that fails is tried once more: where it passes then it is flaky, and the run fails all the same.
pub(super) async fn one(
    scenario: Arc<Scenario>,
    target: Target,
    http: Option<reqwest::Client>,
    options: RunOptions,
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
        evidence: None,
    };
    let reason = match http {
        _ if cancel.is_cancelled() => Some("the run was cancelled".to_owned()),
        None => Some("no HTTP client could be made on this machine".to_owned()),
        Some(_) => reason_to_skip(&scenario, &target.facts),
    };
    let Some(http) = http.filter(|_| reason.is_none()) else {
        return (ScenarioReport { reason, ..report }, scenario);
    };
    tokio::select! {
        biased;
        () = cancel.cancelled() => report.reason = Some("the run was cancelled".to_owned()),
        ended = tried(&scenario, &target, &http, options) => {
            let Ended { verdict, reason, failure, evidence } = ended;
            (report.verdict, report.reason, report.failure, report.evidence) = (verdict, reason, failure, evidence);
        }
    }
    report.seconds = began.elapsed().as_secs_f64();
    (report, scenario)
}

async fn tried(scenario: &Arc<Scenario>, target: &Target, http: &reqwest::Client, options: RunOptions) -> Ended {
    let once = || async {
        let mut trial = Trial::new(Arc::clone(scenario), target.clone(), http.clone());
        after_earlier_run(scenario, target, trial.run(options.deadline, options.keeps_evidence)).await
    };
    let first = once().await;
    if first.verdict != Verdict::Fail || !options.second_try {
        return first;
    }
    clean_up(Arc::clone(scenario), target.clone()).await;
    match once().await.verdict {
        Verdict::Pass | Verdict::ExpectedDefect => {
            let reason = Some("it failed, and passed when it was tried again".to_owned());
            Ended { verdict: Verdict::Flaky, reason, ..first }
        }
        _ => first,
    }
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
