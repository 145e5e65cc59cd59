//! Status of AgentgatewayPolicies. Source: facts/controller.md 4 and 8.

use super::{
    condition::{Condition, all_at},
    policy_book::{ReadPolicy, selected, target_kind},
    route::reference_order,
};
use crate::gateway::{
    controller::resource::{AgentgatewayPolicy, Kind, ObjectKey, Snapshot},
    table::ObjectName,
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A status lists at most so many ancestors.
const MOST_ANCESTORS: usize = 16;

/// Which Gateways each route and each backend is reached through.
pub(super) type Reach = BTreeMap<ObjectKey, BTreeSet<ObjectName>>;

/// The policy's status with the entries of other controllers kept, or `None` where there is nothing to say.
pub(super) fn status(
    policy: &AgentgatewayPolicy,
    read: &ReadPolicy,
    snapshot: &Snapshot,
    reach: &Reach,
    live: &Value,
    controller: &str,
) -> Option<Value> {
    let (gateways, problems) = resolve(policy, snapshot, reach);
    let generation = policy.metadata.generation;
    let base = content(read);
    let entry = |reference: Value, conditions: &[Condition]| json!({"ancestorRef": reference, "controllerName": controller, "conditions": all_at(conditions, generation)});
    let mut ancestors: Vec<_> = gateways.iter().map(|gateway| entry(gateway_reference(gateway), &base)).collect();
    if !problems.is_empty() {
        let mut conditions = base.clone();
        conditions.truncate(1);
        conditions.push(Condition::no("Attached", "Pending", problems.join("\n")));
        ancestors.push(entry(summary_reference(), &conditions));
    }
    let known = live["ancestors"].as_array();
    if ancestors.is_empty() && known.is_none_or(Vec::is_empty) {
        return None;
    }
    let foreign = known.into_iter().flatten().filter(|entry| entry["controllerName"] != controller);
    ancestors.extend(foreign.cloned());
    if ancestors.len() > MOST_ANCESTORS {
        let left_out = ancestors.len() - (MOST_ANCESTORS - 1);
        ancestors.truncate(MOST_ANCESTORS - 1);
        let message = format!("{left_out} AncestorRefs ignored due to max status size");
        ancestors.push(entry(summary_reference(), &[Condition::yes("StatusSummarized", "StatusSummary", message)]));
    }
    ancestors.sort_by_key(|entry| reference_order(&entry["ancestorRef"]));
    Some(json!({"ancestors": ancestors}))
}

/// A policy with a mistake stays accepted, but does not say that it is attached.
fn content(read: &ReadPolicy) -> Vec<Condition> {
    if read.problems.is_empty() {
        return vec![
            Condition::yes("Accepted", "Valid", "Policy accepted"),
            Condition::yes("Attached", "Attached", "Attached to all targets"),
        ];
    }
    vec![Condition::yes("Accepted", "PartiallyValid", read.problems.join("\n"))]
}

fn gateway_reference(gateway: &ObjectName) -> Value {
    json!({
        "group": "gateway.networking.k8s.io",
        "kind": "Gateway",
        "namespace": gateway.namespace,
        "name": gateway.name,
    })
}

/// The ancestor that stands for none; its kind is what the API server puts in.
fn summary_reference() -> Value {
    json!({"group": "agentgateway.dev", "kind": "Gateway", "name": "StatusSummary"})
}

/// Gateways that the policy's targets are reached through, and why some are not.
fn resolve(policy: &AgentgatewayPolicy, snapshot: &Snapshot, reach: &Reach) -> (BTreeSet<ObjectName>, Vec<String>) {
    let namespace = &policy.metadata.namespace;
    let mut gateways = BTreeSet::new();
    let mut problems = Vec::new();
    let mut visit = |target: &ObjectKey, problems: &mut Vec<String>| match gateways_of(target, snapshot, reach) {
        Ok(found) => gateways.extend(found),
        Err(problem) if problems.contains(&problem) => {}
        Err(problem) => problems.push(problem),
    };
    for target in &policy.spec.target_refs {
        match target_kind(&target.group, &target.kind) {
            Some(kind) => visit(&ObjectKey::new(kind, namespace, &target.name), &mut problems),
            None => problems
                .push(not_attached(&format!("{} {namespace}/{}", target.kind, target.name), "cannot be a target")),
        }
    }
    for selector in &policy.spec.target_selectors {
        let kind = target_kind(&selector.group, &selector.kind);
        let targets = kind.map_or_else(Vec::new, |kind| selected(snapshot, kind, namespace, &selector.match_labels));
        if targets.is_empty() {
            let kind = &selector.kind;
            problems
                .push(format!("Policy is not attached: no {kind} matching selector found in namespace {namespace}"));
        }
        targets.iter().for_each(|target| visit(target, &mut problems));
    }
    (gateways, problems)
}

fn not_attached(target: &str, why: &str) -> String {
    format!("Policy is not attached: {target} {why}")
}

fn gateways_of(target: &ObjectKey, snapshot: &Snapshot, reach: &Reach) -> Result<BTreeSet<ObjectName>, String> {
    if snapshot.live(target).is_none() {
        return Err(not_attached(&target.to_string(), "not found"));
    }
    if target.kind == Kind::Gateway {
        return Ok(BTreeSet::from([target.name.clone()]));
    }
    let found = reach.get(target).filter(|gateways| !gateways.is_empty()).cloned();
    found.ok_or_else(|| not_attached(&target.to_string(), "is not attached to any Gateway"))
}
