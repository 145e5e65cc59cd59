//! Deployments: how far they are, and what keeps their Pods from being made.

use super::{Cause, Condition, Outlook, Readiness, find_condition, pod::short, readiness::all_true};
use serde_json::Value;

/// Words with which the API server refuses a Pod for good. Sources: quota and Pod Security admission, ValidatingAdmissionPolicy,
/// webhooks.
const REFUSED: &[&str] = &["exceeded quota", "failed quota", "denied", "forbidden", "violates", "is invalid"];
/// Words of a refusal that may pass: what is asked is not there yet.
const PASSING: &[&str] = &["serviceaccount", "failed calling webhook", "timeout", "connection refused"];

/// Ready is a Deployment whose newest template runs as often as wanted; `Available` alone may speak of the old one.
pub(super) fn readiness(object: &Value) -> Readiness {
    let number = |pointer: &str| object.pointer(pointer).and_then(Value::as_u64);
    let replicas = number("/spec/replicas").unwrap_or(1);
    let generation = number("/metadata/generation").unwrap_or(0);
    let current = number("/status/observedGeneration").is_none_or(|observed| observed >= generation);
    let rolled_out = number("/status/updatedReplicas").is_none_or(|updated| updated >= replicas)
        && number("/status/replicas").is_none_or(|all| all <= replicas);
    let seen = summary(object);
    if !current {
        return Readiness::NotReady(Outlook::waiting(format!("{seen}; not looked at yet")));
    }
    if let Some(refused) = find_condition(object, "ReplicaFailure").filter(|condition| condition.status == "True") {
        return Readiness::NotReady(replica_failure(&seen, &refused));
    }
    match all_true(object, &["Available"]) {
        Readiness::Ready if rolled_out => Readiness::Ready,
        Readiness::Ready => Readiness::NotReady(Outlook::waiting(format!("{seen}, the old Pods still run"))),
        Readiness::NotReady(outlook) => Readiness::NotReady(Outlook { seen: with_message(seen, object), ..outlook }),
    }
}

/// `0 of 1 available`.
fn summary(object: &Value) -> String {
    let number = |pointer: &str, missing: u64| object.pointer(pointer).and_then(Value::as_u64).unwrap_or(missing);
    format!("{} of {} available", number("/status/availableReplicas", 0), number("/spec/replicas", 1))
}

/// With the words of `Available` where they say more than the number does.
fn with_message(seen: String, object: &Value) -> String {
    let usual = "Deployment does not have minimum availability.";
    match find_condition(object, "Available").filter(|one| !["", usual].contains(&one.message.as_str())) {
        Some(condition) => format!("{seen}; {}", short(&condition.message)),
        None => seen,
    }
}

fn replica_failure(seen: &str, condition: &Condition) -> Outlook {
    let why = short(&condition.message);
    let says = |words: &[&str]| words.iter().any(|word| why.to_lowercase().contains(word));
    let seen = format!("{seen}; {}: {why}", condition.reason);
    match says(REFUSED) && !says(PASSING) {
        true => Outlook::doubtful(seen, Cause::Refused { why }),
        false => Outlook::waiting(seen),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::Surety;
    use serde_json::json;

    fn deployment(status: &Value) -> Value {
        json!({"kind": "Deployment", "metadata": {"generation": 2}, "spec": {"replicas": 1}, "status": status})
    }

    #[test]
    fn an_old_pod_that_is_available_does_not_make_a_new_template_ready() {
        let available = json!([{"type": "Available", "status": "True"}]);
        let status = |observed: u64, updated: u64, all: u64| {
            deployment(&json!({"observedGeneration": observed, "updatedReplicas": updated, "replicas": all,
                               "availableReplicas": 1, "conditions": available}))
        };
        assert_eq!(readiness(&status(2, 1, 1)), Readiness::Ready);
        for unfinished in [status(1, 1, 1), status(2, 0, 1), status(2, 1, 2)] {
            assert!(matches!(readiness(&unfinished), Readiness::NotReady(_)), "{unfinished}");
        }
    }

    #[test]
    fn pods_that_a_quota_refuses_will_not_come() {
        let refused = |message: &str| {
            let failure =
                json!({"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": message});
            let Readiness::NotReady(outlook) =
                readiness(&deployment(&json!({"observedGeneration": 2, "conditions": [failure]})))
            else {
                panic!("ready");
            };
            outlook
        };
        let quota = refused("pods \"a-1\" is forbidden: exceeded quota: none, requested: pods=1, used: pods=0");
        assert!(matches!(quota.stuck, Some((Cause::Refused { .. }, Surety::IfItStays))), "{quota:?}");
        assert!(quota.seen.starts_with("0 of 1 available; FailedCreate: pods"), "{}", quota.seen);
        let account = "pods \"a-1\" is forbidden: error looking up service account x/a: serviceaccount \"a\" not found";
        assert_eq!(refused(account).stuck, None);
    }
}
