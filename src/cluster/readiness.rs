//! What "ready" means for each kind. Source: facts on waits, Gateway API `conformance/utils/kubernetes`.

use super::{Cause, Condition, Outlook, conditions_of, deployment, find_condition};
use serde_json::Value;

/// How far an object is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Readiness {
    /// As wanted.
    Ready,
    /// Not, or not yet.
    NotReady(Outlook),
}

/// Judges an object by its kind. Kinds without a status are ready as soon as they exist.
pub fn readiness_of(object: &Value) -> Readiness {
    match kind_of(object) {
        "CustomResourceDefinition" => definition(object),
        "Deployment" => deployment::readiness(object),
        "Job" => job(object),
        "AgentgatewayPolicy" | "TrafficPolicy" => policy(object),
        kind => all_true(object, conditions_wanted(kind)),
    }
}

/// What is waited for, in words.
pub(super) fn wanted(object_kind: &str) -> &'static str {
    match object_kind {
        "CustomResourceDefinition" => "condition Established",
        "GatewayClass" | "AgentgatewayBackend" | "Backend" => "condition Accepted",
        "Gateway" => "conditions Accepted, Programmed",
        "HTTPRoute" => "conditions Accepted, ResolvedRefs",
        "AgentgatewayPolicy" | "TrafficPolicy" => "conditions Accepted, Attached",
        "Deployment" => "condition Available",
        "Job" => "condition Complete",
        _ => "that it exists",
    }
}

fn conditions_wanted(kind: &str) -> &'static [&'static str] {
    match kind {
        "GatewayClass" | "AgentgatewayBackend" | "Backend" => &["Accepted"],
        "Gateway" => &["Accepted", "Programmed"],
        "HTTPRoute" => &["Accepted", "ResolvedRefs"],
        _ => &[],
    }
}

/// Reasons that name something in the object itself; they stay until somebody changes it. What refers to another object that
/// may still come is not among them. Source: Gateway API `apis/v1`, `facts/controller.md` 5 and 6.
const LASTING: &[&str] = &[
    "InvalidParameters",
    "ListenersNotValid",
    "UnsupportedProtocol",
    "UnsupportedAddress",
    "UnsupportedValue",
    "UnsupportedVersion",
    "NotAllowedByListeners",
    "NoMatchingListenerHostname",
    "NoMatchingParent",
    "InvalidKind",
    "RefNotPermitted",
    "Invalid",
];

fn kind_of(object: &Value) -> &str {
    object.get("kind").and_then(Value::as_str).unwrap_or_default()
}

fn generation_of(object: &Value) -> i64 {
    object.pointer("/metadata/generation").and_then(Value::as_i64).unwrap_or(0)
}

pub(super) fn all_true(object: &Value, wanted: &[&str]) -> Readiness {
    let generation = generation_of(object);
    for kind in wanted {
        let Some(condition) = find_condition(object, kind) else {
            return Readiness::NotReady(Outlook::waiting(format!("no condition {kind} yet")));
        };
        if !condition.holds_for(generation) {
            return Readiness::NotReady(not_true(&condition, generation));
        }
    }
    Readiness::Ready
}

/// A condition that is false for a lasting reason, and speaks of the object as it is now, is in the way.
fn not_true(condition: &Condition, generation: i64) -> Outlook {
    let current = condition.observed_generation.is_none_or(|observed| observed >= generation);
    let seen = condition.to_string();
    match condition.status == "False" && current && LASTING.contains(&condition.reason.as_str()) {
        true => Outlook::doubtful(seen.clone(), Cause::Condition(seen)),
        false => Outlook::waiting(seen),
    }
}

/// Names that are taken, or a group that needs an approval, do not heal. Source: apiextensions v1 condition types.
fn definition(object: &Value) -> Readiness {
    for kind in ["NamesAccepted", "KubernetesAPIApprovalPolicyConformant"] {
        if let Some(condition) = find_condition(object, kind).filter(|condition| condition.status == "False") {
            let seen = condition.to_string();
            return Readiness::NotReady(Outlook::doubtful(seen.clone(), Cause::Condition(seen)));
        }
    }
    all_true(object, &["Established"])
}

fn job(object: &Value) -> Readiness {
    match find_condition(object, "Failed").filter(|condition| condition.status == "True") {
        Some(failed) => {
            let seen = format!("Failed: {} {}", failed.reason, failed.message);
            Readiness::NotReady(Outlook::hopeless(seen.clone(), Cause::Condition(seen)))
        }
        None => all_true(object, &["Complete"]),
    }
}

/// A policy that is only partially valid is no success although Accepted is True: part of it may be open.
fn policy(object: &Value) -> Readiness {
    let partial = |condition: &Condition| condition.kind == "Accepted" && condition.reason == "PartiallyValid";
    match conditions_of(object).into_iter().find(partial) {
        Some(condition) => {
            let seen = format!("Accepted=True PartiallyValid ({})", condition.message);
            Readiness::NotReady(Outlook::hopeless(seen.clone(), Cause::Condition(seen)))
        }
        None => all_true(object, &["Accepted", "Attached"]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::Surety;
    use serde_json::json;

    fn stuck(object: &Value) -> Option<(Cause, Surety)> {
        match readiness_of(object) {
            Readiness::NotReady(outlook) => outlook.stuck,
            Readiness::Ready => None,
        }
    }

    #[test]
    fn a_condition_of_an_older_generation_proves_nothing() {
        let gateway = |observed: i64, status: &str| {
            let condition = |kind: &str| json!({"type": kind, "status": status, "reason": "InvalidParameters", "observedGeneration": observed});
            json!({"kind": "Gateway", "metadata": {"generation": 2},
                   "status": {"conditions": [condition("Accepted"), condition("Programmed")]}})
        };
        assert_eq!(readiness_of(&gateway(2, "True")), Readiness::Ready);
        assert!(matches!(readiness_of(&gateway(1, "True")), Readiness::NotReady(_)));
        assert_eq!(stuck(&gateway(1, "False")), None, "it speaks of what the Gateway was");
        assert!(matches!(stuck(&gateway(2, "False")), Some((Cause::Condition(_), Surety::IfItStays))));
    }

    #[test]
    fn what_may_still_come_is_waited_for() {
        let route = |reason: &str| {
            let conditions = json!([{"type": "Accepted", "status": "True"},
                                    {"type": "ResolvedRefs", "status": "False", "reason": reason}]);
            json!({"kind": "HTTPRoute", "status": {"parents": [{"conditions": conditions}]}})
        };
        assert_eq!(stuck(&route("BackendNotFound")), None);
        assert!(stuck(&route("RefNotPermitted")).is_some());
    }

    #[test]
    fn a_partially_valid_policy_will_not_get_better() {
        let policy = json!({"kind": "AgentgatewayPolicy", "status": {"ancestors": [{"conditions": [
            {"type": "Accepted", "status": "True", "reason": "PartiallyValid", "message": "secret ai/nope not found"}]}]}});
        let Some((Cause::Condition(why), Surety::Sure)) = stuck(&policy) else { panic!("not hopeless") };
        assert!(why.contains("secret ai/nope not found"));
    }

    #[test]
    fn a_definition_whose_names_are_taken_will_not_be_established() {
        let definition = json!({"kind": "CustomResourceDefinition", "status": {"conditions": [
            {"type": "NamesAccepted", "status": "False", "reason": "PluralConflict", "message": "\"gateways\" is in use"}]}});
        assert!(matches!(stuck(&definition), Some((Cause::Condition(why), _)) if why.contains("is in use")));
    }
}
