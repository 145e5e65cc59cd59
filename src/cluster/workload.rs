//! The Pods behind a Deployment that is not ready.

use super::{Cause, Cluster, ClusterError, ObjectKey, Outlook, Waiting, pod_outlook, wait::Seen};
use serde_json::Value;
use std::time::{Duration, Instant};

/// The annotation that numbers the templates of a Deployment and of its ReplicaSets.
const REVISION: &str = "deployment.kubernetes.io/revision";
/// How long a container may run without being ready before its log is asked why.
const QUIET: Duration = Duration::from_secs(15);
/// Pause between two looks at a log.
const BETWEEN_LOGS: Duration = Duration::from_secs(2);
/// States in which the next try may be minutes away.
const PAUSED: &[&str] = &[
    "ImagePullBackOff",
    "ErrImagePull",
    "ErrImageNeverPull",
    "CrashLoopBackOff",
    "CreateContainerConfigError",
    "RunContainerError",
];

/// The Pods of a Deployment's newest template, and the ReplicaSet that makes them, where that is known.
struct Workload {
    replica_set: Option<Value>,
    pods: Vec<Value>,
}

impl Cluster {
    async fn workload(&self, deployment: &Value) -> Result<Workload, ClusterError> {
        let namespace = deployment.pointer("/metadata/namespace").and_then(Value::as_str).unwrap_or_default();
        let labels = selector_of(deployment);
        let (sets, mut pods) = tokio::try_join!(
            self.select("apps/v1", "ReplicaSet", namespace, &labels),
            self.select("v1", "Pod", namespace, &labels),
        )?;
        let replica_set = sets.into_iter().find(|set| is_newest(set, deployment));
        let made_by = |pod: &Value| match &replica_set {
            Some(set) => pod.pointer("/metadata/ownerReferences/0/name") == set.pointer("/metadata/name"),
            None => true,
        };
        pods.retain(|pod| pod["metadata"]["deletionTimestamp"].is_null() && made_by(pod));
        Ok(Workload { replica_set, pods })
    }
}

impl Waiting<'_> {
    /// Looks at the Pods of a Deployment: the first that is not well speaks for all. Pods that cannot be read say nothing.
    pub(super) async fn with_pods(&self, object: &Value, outlook: Outlook, began: Instant, seen: &mut Seen) -> Outlook {
        if self.key.kind != "Deployment" || outlook.stuck.is_some() {
            return outlook;
        }
        let Ok(workload) = self.cluster.workload(object).await else { return outlook };
        let unwell = workload.pods.iter().filter(|pod| !is_ready(pod)).map(|pod| (pod, pod_outlook(pod)));
        let Some((pod, found)) = unwell.max_by_key(|(_, outlook)| outlook.stuck.is_some()) else { return outlook };
        let seen_all = format!("{}; {}", outlook.seen, found.seen);
        let told = match found.stuck {
            None => self.told_by_log(pod, began, seen).await,
            Some(_) => None,
        };
        seen.pod = has_run(pod).then(|| pod.clone());
        match told {
            Some(cause) => Outlook::hopeless(seen_all, cause),
            None => Outlook { seen: seen_all, stuck: found.stuck },
        }
    }

    /// What the log of a Pod tells that has ended once, or runs without becoming ready.
    async fn told_by_log(&self, pod: &Value, began: Instant, seen: &mut Seen) -> Option<Cause> {
        let explaining = self.explaining?;
        let due = seen.logs.is_none_or(|at| at.elapsed() >= BETWEEN_LOGS);
        let slow = began.elapsed() >= QUIET && !pod["status"]["containerStatuses"][0]["state"]["running"].is_null();
        if !due || !(slow || has_ended(pod)) {
            return None;
        }
        seen.logs = Some(Instant::now());
        explaining(&self.cluster.log_of(pod).await).map(Cause::Told)
    }

    /// Deletes Pods that are in a pause between two tries, and the ReplicaSet that may not make any: both are made anew at once. What
    /// cannot be deleted is waited for as it is.
    pub(super) async fn retry_stuck_pods(&self, object: &Value) {
        if self.key.kind != "Deployment" {
            return;
        }
        let Ok(workload) = self.cluster.workload(object).await else { return };
        let refused = super::find_condition(object, "ReplicaFailure").is_some_and(|one| one.status == "True");
        if let Some(set) = workload.replica_set.as_ref().filter(|_| refused && workload.pods.is_empty()) {
            let _ = self.cluster.delete(&ObjectKey::of(set)).await;
        }
        for pod in workload.pods.iter().filter(|pod| is_paused(pod)) {
            let _ = self.cluster.delete(&ObjectKey::of(pod)).await;
        }
    }
}

fn selector_of(deployment: &Value) -> String {
    let labels = deployment.pointer("/spec/selector/matchLabels").and_then(Value::as_object);
    let pairs = labels.into_iter().flatten();
    let pairs = pairs.map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()));
    pairs.collect::<Vec<_>>().join(",")
}

fn is_newest(set: &Value, deployment: &Value) -> bool {
    let owner = set.pointer("/metadata/ownerReferences/0/uid");
    let revision = |object: &Value| object["metadata"]["annotations"][REVISION].as_str().map(str::to_owned);
    owner.is_some()
        && owner == deployment.pointer("/metadata/uid")
        && revision(set).is_some()
        && revision(set) == revision(deployment)
}

fn statuses(pod: &Value) -> impl Iterator<Item = &Value> {
    let of = |at: &str| pod.pointer(at).and_then(Value::as_array).into_iter().flatten();
    of("/status/initContainerStatuses").chain(of("/status/containerStatuses"))
}

fn is_ready(pod: &Value) -> bool {
    super::find_condition(pod, "Ready").is_some_and(|condition| condition.status == "True")
}

fn is_paused(pod: &Value) -> bool {
    statuses(pod).any(|status| status["state"]["waiting"]["reason"].as_str().is_some_and(|why| PAUSED.contains(&why)))
}

fn has_ended(pod: &Value) -> bool {
    statuses(pod).any(|status| status["restartCount"].as_u64().unwrap_or(0) > 0)
}

/// Whether there can be a log.
fn has_run(pod: &Value) -> bool {
    has_ended(pod) || statuses(pod).any(|status| !status["state"]["running"].is_null())
}
