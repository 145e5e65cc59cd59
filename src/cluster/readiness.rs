//! What "ready" means for each kind. Source: facts on waits, Gateway API `conformance/utils/kubernetes`.

use super::{Condition, conditions_of, find_condition};
use serde_json::Value;

/// How far an object is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Readiness {
    /// As wanted.
    Ready,
    /// Not yet; condition and last message.
    Waiting(String),
    /// It cannot get better by itself; why.
    Hopeless(String),
}

/// Judges an object by its kind. Kinds without a status are ready as soon as they exist.
pub fn readiness_of(object: &Value) -> Readiness {
    match object.get("kind").and_then(Value::as_str).unwrap_or_default() {
        "CustomResourceDefinition" => all_true(object, &["Established"]),
        "GatewayClass" | "AgentgatewayBackend" | "Backend" => all_true(object, &["Accepted"]),
        "Gateway" => all_true(object, &["Accepted", "Programmed"]),
        "HTTPRoute" => all_true(object, &["Accepted", "ResolvedRefs"]),
        "AgentgatewayPolicy" | "TrafficPolicy" => policy(object),
        "Deployment" => all_true(object, &["Available"]),
        _ => Readiness::Ready,
    }
}

fn generation_of(object: &Value) -> i64 {
    object.pointer("/metadata/generation").and_then(Value::as_i64).unwrap_or(0)
}

fn all_true(object: &Value, wanted: &[&str]) -> Readiness {
    let generation = generation_of(object);
    for kind in wanted {
        match find_condition(object, kind) {
            None => return Readiness::Waiting(format!("no condition {kind} yet")),
            Some(condition) if !condition.holds_for(generation) => return Readiness::Waiting(condition.to_string()),
            Some(_) => {}
        }
    }
    Readiness::Ready
}

/// A policy that is only partially valid is no success although Accepted is True: part of it may be open.
fn policy(object: &Value) -> Readiness {
    let partial = |condition: &Condition| condition.kind == "Accepted" && condition.reason == "PartiallyValid";
    match conditions_of(object).into_iter().find(partial) {
        Some(condition) => Readiness::Hopeless(format!("Accepted=True PartiallyValid ({})", condition.message)),
        None => all_true(object, &["Accepted", "Attached"]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_condition_of_an_older_generation_proves_nothing() {
        let gateway = |observed: i64| {
            let condition = |kind: &str| json!({"type": kind, "status": "True", "observedGeneration": observed});
            json!({"kind": "Gateway", "metadata": {"generation": 2},
                   "status": {"conditions": [condition("Accepted"), condition("Programmed")]}})
        };
        assert_eq!(readiness_of(&gateway(2)), Readiness::Ready);
        assert!(matches!(readiness_of(&gateway(1)), Readiness::Waiting(_)));
    }

    #[test]
    fn a_partially_valid_policy_will_not_get_better() {
        let policy = json!({"kind": "AgentgatewayPolicy", "status": {"ancestors": [{"conditions": [
            {"type": "Accepted", "status": "True", "reason": "PartiallyValid", "message": "secret ai/nope not found"}]}]}});
        let Readiness::Hopeless(why) = readiness_of(&policy) else { panic!("not hopeless") };
        assert!(why.contains("secret ai/nope not found"));
    }
}
