//! Status of Gateways.

use super::{
    condition::{Condition, all_at},
    listener::ListenerPoint,
};
use crate::gateway::controller::resource::{Gateway, Service};
use serde_json::{Value, json};

/// Status of a Gateway of ours. `attached` counts the routes of each of its listeners; `parameters` is what is wrong with
/// them.
pub(super) fn status(
    gateway: &Gateway,
    listeners: &[(&ListenerPoint<'_>, usize)],
    service: Option<&Service>,
    parameters: Option<&str>,
) -> Value {
    let generation = gateway.metadata.generation;
    let conditions = match parameters {
        Some(problem) => {
            let about = format!(
                "failed to get helm values for object gateway.networking.k8s.io/v1, Kind=Gateway {}: {problem}",
                gateway.metadata.object_name()
            );
            [Condition::no("Accepted", "InvalidParameters", &about), Condition::no("Programmed", "Invalid", about)]
        }
        None => [accepted(listeners), Condition::yes("Programmed", "Programmed", "Successfully programmed Gateway")],
    };
    let entries: Value = listeners.iter().map(|(listener, attached)| listener.status(*attached)).collect();
    json!({
        "addresses": service.map_or(Value::Null, addresses),
        "conditions": all_at(&conditions, generation),
        "listeners": entries,
    })
}

/// Accepted unless no listener is; whatever is wrong with any of them is told.
fn accepted(listeners: &[(&ListenerPoint<'_>, usize)]) -> Condition {
    let mut problems = Vec::new();
    let mut good = listeners.len();
    for (listener, _) in listeners {
        let conditions = &listener.conditions;
        good -= usize::from(conditions.iter().any(|condition| condition.denies("Accepted")));
        let bad = conditions.iter().filter(|condition| condition.denies("Accepted") || condition.denies("Programmed"));
        problems.extend(bad.map(|condition| format!("{}: {}", listener.spec.name, condition.message())));
    }
    if problems.is_empty() {
        return Condition::yes("Accepted", "Accepted", "");
    }
    let message = format!("Some listeners are not accepted: {}", problems.join("; "));
    if good > 0 {
        return Condition::yes("Accepted", "ListenersNotValid", message);
    }
    Condition::no("Accepted", "ListenersNotValid", message)
}

/// Where the Gateway can be reached: what a balancer gave, or the cluster IP. Source: facts/controller.md 3.
fn addresses(service: &Service) -> Value {
    let mut found = Vec::new();
    if service.spec.r#type.as_deref() == Some("LoadBalancer") {
        for ingress in service.status["loadBalancer"]["ingress"].as_array().into_iter().flatten() {
            if let Some(ip) = ingress["ip"].as_str() {
                found.push(json!({"type": "IPAddress", "value": ip}));
            }
            if let Some(name) = ingress["hostname"].as_str() {
                found.push(json!({"type": "Hostname", "value": name}));
            }
        }
    } else if let Some(ip) = service.spec.cluster_ip.as_deref().filter(|ip| !ip.is_empty() && *ip != "None") {
        found.push(json!({"type": "IPAddress", "value": ip}));
    }
    if found.is_empty() { Value::Null } else { found.into() }
}
