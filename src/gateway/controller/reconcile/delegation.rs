//! Routes that lead to other routes: which these are, and what they inherit. Source: facts/conformance.md A.4, TestDelegation.

use super::{
    condition::{Condition, all_at},
    policy::overlay,
    policy_book::Layer,
    refs::Referents,
    route,
};
use crate::gateway::{
    controller::resource::{BackendRef, HttpRoute, Kind, ParentRef, Snapshot},
    table::{Backend, Filter, ObjectName, Route, RouteGroup, Rule},
};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    mem::{Discriminant, discriminant},
    sync::Arc,
};

/// The routes that a reference to HTTPRoutes means: a name, `*` or `label=value`.
pub(super) fn target(reference: &BackendRef, namespace: &str) -> Option<ObjectName> {
    let group = reference.group.as_deref().unwrap_or_default();
    let kind = reference.kind.as_deref().unwrap_or("Service");
    (Kind::of(group, kind) == Some(Kind::HttpRoute)).then(|| ObjectName {
        namespace: reference.namespace.clone().unwrap_or_else(|| namespace.to_owned()),
        name: reference.name.clone(),
    })
}

/// Everything that routes lead to, directly or through others. A circle comes to its end because every group is looked at
/// once.
pub(super) fn groups(
    routes: &[Arc<Route>],
    referents: &Referents<'_>,
    around: &Layer,
) -> BTreeMap<RouteGroup, Vec<Arc<Route>>> {
    let mut groups = BTreeMap::new();
    let mut waiting: Vec<_> = routes.iter().flat_map(leads).collect();
    while let Some((group, parent)) = waiting.pop() {
        if groups.contains_key(&group) {
            continue;
        }
        let children = referents.snapshot.routes.values().filter(|route| is_child(route, &group));
        let children: Vec<_> =
            children.map(|child| Arc::new(inheriting(route::translate(child, referents, around), &parent))).collect();
        waiting.extend(children.iter().flat_map(leads));
        groups.insert(group, children);
    }
    groups
}

/// The groups that a route leads to, each with the rule that does.
fn leads(route: &Arc<Route>) -> Vec<(RouteGroup, Arc<Rule>)> {
    let backends = route.rules.iter().flat_map(|rule| rule.backends.iter().map(move |backend| (rule, backend)));
    let groups = backends.filter_map(|(rule, backend)| match backend.backend.as_ref() {
        Backend::Routes(group) => Some((group.clone(), Arc::clone(rule))),
        _ => None,
    });
    groups.collect()
}

/// A route that attaches to Gateways only is nobody's child; one that names parents is the child of these.
fn is_child(route: &HttpRoute, group: &RouteGroup) -> bool {
    let parents: Vec<_> = route.spec.parent_refs.iter().filter_map(|parent| parent_route(parent, route)).collect();
    let open = route.spec.parent_refs.is_empty();
    means(&group.target, route) && (open || parents.contains(&group.parent))
}

fn means(target: &ObjectName, route: &HttpRoute) -> bool {
    let labelled = target
        .name
        .split_once('=')
        .is_some_and(|(label, value)| route.metadata.labels.get(label).is_some_and(|there| there == value));
    target.namespace == route.metadata.namespace
        && (target.name == "*" || target.name == route.metadata.name || labelled)
}

fn parent_route(parent: &ParentRef, route: &HttpRoute) -> Option<ObjectName> {
    let group = parent.group.as_deref().unwrap_or("gateway.networking.k8s.io");
    let kind = parent.kind.as_deref().unwrap_or("Gateway");
    (Kind::of(group, kind) == Some(Kind::HttpRoute)).then(|| ObjectName {
        namespace: parent.namespace.clone().unwrap_or_else(|| route.metadata.namespace.clone()),
        name: parent.name.clone(),
    })
}

/// A child with what its parent's rule says and it does not say itself.
fn inheriting(mut child: Route, parent: &Rule) -> Route {
    for rule in &mut child.rules {
        let own: Vec<Discriminant<Filter>> = rule.filters.iter().map(discriminant).collect();
        let inherited = parent.filters.iter().filter(|filter| !own.contains(&discriminant(filter))).cloned();
        *rule = Arc::new(Rule {
            filters: rule.filters.iter().cloned().chain(inherited).collect(),
            request_timeout: rule.request_timeout.or(parent.request_timeout),
            backend_request_timeout: rule.backend_request_timeout.or(parent.backend_request_timeout),
            policies: Arc::new(overlay(&parent.policies, &rule.policies)),
            ..Rule::clone(rule)
        });
    }
    child
}

/// Entries in the route's status, one for each reference to a route.
pub(super) fn parents(route: &HttpRoute, snapshot: &Snapshot) -> Vec<(Value, Value)> {
    let mut entries = Vec::new();
    for reference in &route.spec.parent_refs {
        let Some(parent) = parent_route(reference, route) else { continue };
        let leads_here = snapshot.routes.get(&parent).is_some_and(|parent| {
            let references = parent.spec.rules.iter().flat_map(|rule| &rule.backend_refs);
            let mut targets = references.filter_map(|reference| target(reference, &parent.metadata.namespace));
            targets.any(|target| means(&target, route))
        });
        let accepted = match leads_here {
            true => Condition::yes("Accepted", "Accepted", ""),
            false => Condition::no("Accepted", "NoMatchingParent", "Parent HTTPRoute does not delegate to this route"),
        };
        let conditions = [accepted, Condition::yes("ResolvedRefs", "ResolvedRefs", "")];
        entries.push((route::reference(reference), all_at(&conditions, route.metadata.generation)));
    }
    entries
}
