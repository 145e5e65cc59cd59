//! All policies, by what they apply to.

use super::policy::{Reader, not_implemented, overlay};
use crate::gateway::{
    controller::resource::{AgentgatewayPolicy, KeySetSource, Kind, ObjectKey, Snapshot},
    is_since,
    table::{ObjectName, Policies},
};
use std::collections::{BTreeMap, BTreeSet};

/// A policy, read.
#[derive(Debug)]
pub(super) struct ReadPolicy {
    /// Its name.
    pub(super) name: ObjectName,
    /// What is wrong with it, one sentence each. What the reference gateway does not do comes last.
    pub(super) problems: Vec<String>,
    /// Sets of keys that it needs.
    pub(super) key_sets: BTreeSet<KeySetSource>,
    targets: Vec<(ObjectKey, Option<String>)>,
    policies: Policies,
    overriding: bool,
    closed: bool,
}

/// What policies make of one target.
#[derive(Debug, Clone, Default)]
pub(super) struct Layer {
    /// What applies unless something nearer to the backend says otherwise.
    pub(super) policies: Policies,
    /// What applies whatever says otherwise (`strategy.inheritance: Override`).
    pub(super) overriding: Policies,
    /// Nobody gets through: a policy asks for a guard that the reference gateway does not have.
    pub(super) closed: bool,
}

/// All policies, by what they apply to.
#[derive(Debug, Default)]
pub(super) struct PolicyBook {
    /// All of them; of two that set the same field on the same target the later one here wins.
    pub(super) policies: Vec<ReadPolicy>,
    by_target: BTreeMap<ObjectKey, Vec<usize>>,
}

impl PolicyBook {
    /// Reads all policies. The youngest wins a field, as it does on a gateway that has been running; the real one leaves the
    /// winner after a restart to chance (facts/manifests.md 11).
    pub(super) fn read(snapshot: &Snapshot, release: &str) -> Self {
        let mut sorted: Vec<_> = snapshot.policies.values().collect();
        sorted.sort_by_key(|policy| (policy.metadata.created(), policy.metadata.object_name()));
        let mut book = Self::default();
        for policy in sorted {
            let read = read(policy, snapshot, release);
            for (target, _) in &read.targets {
                book.by_target.entry(target.clone()).or_default().push(book.policies.len());
            }
            book.policies.push(read);
        }
        book
    }

    /// What applies to a target as a whole and, over it, to one section of it.
    pub(super) fn layer(&self, target: &ObjectKey, section: Option<&str>) -> Layer {
        let mut layer = Layer::default();
        let Some(indices) = self.by_target.get(target) else { return layer };
        let mut seen = None;
        let policies: Vec<_> = indices
            .iter()
            .filter(|index| seen.replace(**index) != Some(**index))
            .map(|index| &self.policies[*index])
            .collect();
        for policy in policies.iter().filter(|policy| policy.has(target, None)) {
            layer.add(policy);
        }
        for policy in policies.iter().filter(|policy| section.is_some() && policy.has(target, section)) {
            layer.add(policy);
        }
        layer
    }
}

impl Layer {
    fn add(&mut self, policy: &ReadPolicy) {
        let side = if policy.overriding { &mut self.overriding } else { &mut self.policies };
        *side = overlay(side, &policy.policies);
        self.closed |= policy.closed;
    }
}

impl ReadPolicy {
    fn has(&self, target: &ObjectKey, section: Option<&str>) -> bool {
        self.targets.iter().any(|(known, part)| known == target && part.as_deref() == section)
    }
}

fn read(policy: &AgentgatewayPolicy, snapshot: &Snapshot, release: &str) -> ReadPolicy {
    let name = policy.metadata.object_name();
    let mut reader = Reader::new(snapshot, &policy.metadata.namespace);
    // Source: facts/conformance.md B.5 POL-11.
    reader.counts_all_limits = is_since(release, (1, 5));
    reader.traffic(&policy.spec.traffic, &name.to_string());
    reader.backend(&policy.spec.backend);
    reader.frontend(&policy.spec.frontend);
    if reader.tls {
        reader.lacks("backend.tls".to_owned());
    }
    let targets = targets(policy, snapshot, &mut reader.unimplemented);
    let mut problems = reader.problems;
    problems.extend(reader.unimplemented.iter().map(|path| not_implemented(path)));
    ReadPolicy {
        name,
        problems,
        key_sets: reader.key_sets,
        targets,
        policies: reader.policies,
        overriding: policy.spec.strategy.inheritance.as_deref() == Some("Override"),
        closed: reader.closed,
    }
}

/// Targets by name and by labels, with the section they name.
fn targets(
    policy: &AgentgatewayPolicy,
    snapshot: &Snapshot,
    unimplemented: &mut Vec<String>,
) -> Vec<(ObjectKey, Option<String>)> {
    let mut found = Vec::new();
    for target in &policy.spec.target_refs {
        match target_kind(&target.group, &target.kind) {
            Some(kind) => found
                .push((ObjectKey::new(kind, &policy.metadata.namespace, &target.name), target.section_name.clone())),
            None => unimplemented.push(format!("targetRefs of kind {}", target.kind)),
        }
    }
    for selector in &policy.spec.target_selectors {
        let Some(kind) = target_kind(&selector.group, &selector.kind) else {
            unimplemented.push(format!("targetSelectors of kind {}", selector.kind));
            continue;
        };
        let selected = selected(snapshot, kind, &policy.metadata.namespace, &selector.match_labels);
        found.extend(selected.into_iter().map(|target| (target, selector.section_name.clone())));
    }
    found
}

/// The kinds of targets that the reference gateway applies policies to.
pub(super) fn target_kind(group: &str, kind: &str) -> Option<Kind> {
    Kind::of(group, kind).filter(|kind| matches!(kind, Kind::Gateway | Kind::HttpRoute | Kind::Backend))
}

/// Objects of a kind in a namespace that have all these labels.
pub(super) fn selected(
    snapshot: &Snapshot,
    kind: Kind,
    namespace: &str,
    labels: &BTreeMap<String, String>,
) -> Vec<ObjectKey> {
    let has_all = |key: &ObjectKey| {
        let there = snapshot.live(key).map(|object| &object["metadata"]["labels"]);
        labels.iter().all(|(name, value)| there.is_some_and(|there| there[name] == *value))
    };
    let mut names = snapshot.names(kind);
    names.retain(|key| key.name.namespace == namespace && has_all(key));
    names
}
