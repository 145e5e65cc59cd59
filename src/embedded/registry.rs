//! Which kinds there are right now.

use super::builtin;
use super::kind::{Kind, KindId};
use std::sync::Arc;

/// Which kinds there are right now, in the order of discovery.
#[derive(Debug)]
pub(super) struct Registry {
    kinds: Vec<Arc<Kind>>,
    edition: u64,
}

impl Registry {
    pub fn new() -> Self {
        Self { kinds: builtin::kinds().into_iter().map(Arc::new).collect(), edition: 0 }
    }

    pub fn kinds(&self) -> &[Arc<Kind>] {
        &self.kinds
    }

    /// Counts the changes of the kinds; clients keep what they read until it changes.
    pub fn edition(&self) -> u64 {
        self.edition
    }

    pub fn get(&self, id: &KindId) -> Option<&Arc<Kind>> {
        self.kinds.iter().find(|kind| kind.group == id.0 && kind.plural == id.1)
    }

    pub fn find(&self, group: &str, plural: &str) -> Option<&Arc<Kind>> {
        self.kinds.iter().find(|kind| kind.group == group && kind.plural == plural)
    }

    /// Adds a kind, or replaces the one of the same name.
    pub fn register(&mut self, kind: Kind) {
        self.edition += 1;
        match self.kinds.iter_mut().find(|old| old.group == kind.group && old.plural == kind.plural) {
            Some(old) => *old = Arc::new(kind),
            None => self.kinds.push(Arc::new(kind)),
        }
    }

    pub fn unregister(&mut self, id: &KindId) {
        self.edition += 1;
        self.kinds.retain(|kind| kind.group != id.0 || kind.plural != id.1);
    }

    /// Groups in the order of discovery, each with its versions, the preferred one first.
    pub fn groups(&self) -> Vec<(String, Vec<String>)> {
        let mut groups: Vec<(String, Vec<String>)> = Vec::new();
        for kind in &self.kinds {
            let position = groups.iter().position(|(name, _)| *name == kind.group).unwrap_or_else(|| {
                groups.push((kind.group.clone(), Vec::new()));
                groups.len() - 1
            });
            for version in &kind.versions {
                if !groups[position].1.contains(&version.name) {
                    groups[position].1.push(version.name.clone());
                }
            }
        }
        for (_, versions) in &mut groups {
            versions.sort_by_key(|name| std::cmp::Reverse(version_rank(name)));
        }
        groups
    }
}

/// Orders versions as Kubernetes does: v2 before v1, v1 before v1beta2, that before v1alpha1, and others last.
/// Source: kubernetes/apimachinery `pkg/version/helpers.go`.
pub(super) fn version_rank(name: &str) -> (u8, u32, u32) {
    let Some(rest) = name.strip_prefix('v') else { return (0, 0, 0) };
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (major, rest) = rest.split_at(digits);
    let Ok(major) = major.parse() else { return (0, 0, 0) };
    let minor = |prefix: &str| rest.strip_prefix(prefix).and_then(|number| number.parse().ok());
    match (rest, minor("beta"), minor("alpha")) {
        ("", ..) => (3, major, 0),
        (_, Some(beta), _) => (2, major, beta),
        (.., Some(alpha)) => (1, major, alpha),
        _ => (0, 0, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ranked_as_kubernetes_does() {
        let mut versions = ["v1alpha1", "v1", "foo", "v1beta1", "v10", "v2", "v1beta2"];
        versions.sort_by_key(|name| std::cmp::Reverse(version_rank(name)));
        assert_eq!(versions, ["v10", "v2", "v1", "v1beta2", "v1beta1", "v1alpha1", "foo"]);
    }
}
