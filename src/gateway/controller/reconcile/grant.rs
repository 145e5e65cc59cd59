//! Whether a reference may cross namespaces.

use crate::gateway::controller::resource::Snapshot;

/// Whether an HTTPRoute of one namespace may refer to an object of another.
pub(super) fn permits(snapshot: &Snapshot, from: &str, to: &str, group: &str, kind: &str, name: &str) -> bool {
    snapshot.grants.values().filter(|grant| grant.metadata.namespace == to).any(|grant| {
        let from_there = grant.spec.from.iter().any(|source| {
            source.group == "gateway.networking.k8s.io" && source.kind == "HTTPRoute" && source.namespace == from
        });
        from_there
            && grant.spec.to.iter().any(|target| {
                let named = target.name.as_deref().filter(|wanted| !wanted.is_empty());
                target.group == group && target.kind == kind && named.is_none_or(|wanted| wanted == name)
            })
    })
}
