//! HTTPRoutes: their status, and what the proxy serves of them.

use super::{
    attachment::{Attachment, Denial, parent_gateway},
    condition::{Condition, all_at},
    duration, filter,
    policy::{not_implemented, overlay},
    policy_book::Layer,
    refs::{Referents, Unresolved},
};
use crate::gateway::{
    Mutant,
    controller::resource::{BackendRef, HttpRoute, HttpRouteRule, Kind, ObjectKey, ParentRef},
    table::{Backend, BackendFault, Policies, Route, RouteGroup, Rule, WeightedBackend},
};
use serde_json::{Value, json};
use std::sync::Arc;

/// What a route is like apart from where it attaches.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    /// The last reference that is not resolved; the last counts in the real controller too.
    pub(super) unresolved: Option<Unresolved>,
    /// A filter or match that cannot be done: the rule answers with an error and the route says so.
    pub(super) unsupported: Option<String>,
    /// What is left out without harm.
    pub(super) ignored: Vec<String>,
}

/// Judges a route.
pub(super) fn judge(route: &HttpRoute, referents: &Referents<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for rule in &route.spec.rules {
        for reference in &rule.backend_refs {
            let unresolved = referents.check(reference, &route.metadata.namespace);
            verdict.unresolved = unresolved.or_else(|| verdict.unresolved.take());
        }
        verdict.unsupported = unsupported(rule).or_else(|| verdict.unsupported.take());
        let several = rule.backend_refs.len() > 1;
        let limited = |reference: &BackendRef| {
            referents.plain_timeout(reference, &route.metadata.namespace, &Policies::default()).is_some()
        };
        if several && rule.backend_refs.iter().any(limited) {
            verdict.ignored.push("http.requestTimeout of one static backend among several".to_owned());
        }
        verdict.ignored.extend(rule.retry.is_some().then(|| "rules.retry".to_owned()));
        verdict.ignored.extend(rule.session_persistence.is_some().then(|| "rules.sessionPersistence".to_owned()));
    }
    verdict
}

fn unsupported(rule: &HttpRouteRule) -> Option<String> {
    let on_backends = rule.backend_refs.iter().any(|reference| !reference.filters.is_empty());
    let on_backends = on_backends.then(|| not_implemented("backendRefs.filters"));
    filter::filters(rule).err().or_else(|| filter::unsupported_match(rule)).or(on_backends)
}

/// Entries of ours in the route's status, one for each reference to a Gateway of ours.
pub(super) fn parents(
    route: &HttpRoute,
    attachment: &Attachment,
    verdict: &Verdict,
    mutant: Option<Mutant>,
) -> Vec<(Value, Value)> {
    let mut entries = Vec::new();
    for parent in &route.spec.parent_refs {
        let gateway = parent_gateway(parent, route);
        let Some(denial) = gateway.and_then(|gateway| attachment.gateways.get(&gateway)) else { continue };
        let conditions = conditions(denial.as_ref(), verdict, mutant);
        entries.push((reference(parent), all_at(&conditions, route.metadata.generation)));
    }
    entries
}

/// A reference as a status repeats it.
pub(super) fn reference(parent: &ParentRef) -> Value {
    let mut reference = json!({
        "group": parent.group.as_deref().unwrap_or("gateway.networking.k8s.io"),
        "kind": parent.kind.as_deref().unwrap_or("Gateway"),
        "name": parent.name,
    });
    for (field, value) in [("namespace", &parent.namespace), ("sectionName", &parent.section_name)] {
        if let Some(value) = value {
            reference[field] = value.as_str().into();
        }
    }
    if let Some(port) = parent.port {
        reference["port"] = port.into();
    }
    reference
}

fn conditions(denial: Option<&Denial>, verdict: &Verdict, mutant: Option<Mutant>) -> Vec<Condition> {
    let accepted = match (denial, &verdict.unsupported) {
        (Some(denial), _) => Condition::no("Accepted", denial.reason, denial.message.clone()),
        (None, Some(problem)) => Condition::no("Accepted", "UnsupportedValue", problem.clone()),
        (None, None) if verdict.ignored.is_empty() => Condition::yes("Accepted", "Accepted", ""),
        (None, None) => Condition::yes("Accepted", "Accepted", not_implemented(&verdict.ignored.join(", "))),
    };
    let overlooked = |unresolved: &&Unresolved| {
        !(mutant == Some(Mutant::MissingBackendResolved) && unresolved.reason == "BackendNotFound")
    };
    match verdict.unresolved.as_ref().filter(overlooked) {
        Some(unresolved) => {
            vec![accepted, Condition::no("ResolvedRefs", unresolved.reason, unresolved.message.clone())]
        }
        None if mutant == Some(Mutant::RouteConditionMissing) => vec![accepted],
        None => vec![accepted, Condition::yes("ResolvedRefs", "ResolvedRefs", "")],
    }
}

/// The route's status with the entries of other controllers kept, or `None` where there is nothing to say.
pub(super) fn status(entries: Vec<(Value, Value)>, live: &Value, controller: &str) -> Option<Value> {
    let known = live["parents"].as_array();
    if entries.is_empty() && known.is_none_or(Vec::is_empty) {
        return None;
    }
    let foreign = known.into_iter().flatten().filter(|entry| entry["controllerName"] != controller);
    let ours = entries.into_iter().map(
        |(parent, conditions)| json!({"parentRef": parent, "controllerName": controller, "conditions": conditions}),
    );
    let mut parents: Vec<_> = ours.chain(foreign.cloned()).collect();
    parents.sort_by_key(|entry| reference_order(&entry["parentRef"]));
    parents.dedup();
    Some(json!({"parents": parents}))
}

/// The order in which the real controller lists references.
pub(super) fn reference_order(reference: &Value) -> String {
    let text = |field: &str| reference[field].as_str().unwrap_or_default();
    let port = reference["port"].as_u64().unwrap_or(0);
    let section = text("sectionName");
    format!("{}/{}/{}/{section}/{port}.{}", text("group"), text("kind"), text("name"), text("namespace"))
}

/// The route as a listener serves it. `around` holds the policies of the Gateway and of the listener.
pub(super) fn translate(route: &HttpRoute, referents: &Referents<'_>, around: &Layer) -> Route {
    let name = route.metadata.object_name();
    let key = ObjectKey { kind: Kind::HttpRoute, name: name.clone() };
    let rules = route.spec.rules.iter().enumerate().map(|(index, spec)| {
        let own = referents.book.layer(&key, spec.name.as_deref());
        let mut rule = translate_rule(spec, &route.metadata.namespace, referents, around, &own);
        for backend in &mut rule.backends {
            if let Backend::Routes(RouteGroup { target, .. }) = backend.backend.as_ref() {
                let group = RouteGroup { parent: name.clone(), rule: index, target: target.clone() };
                backend.backend = Arc::new(Backend::Routes(group));
            }
        }
        Arc::new(rule)
    });
    let rules = rules.collect();
    Route { rules, name, hostnames: route.spec.hostnames.clone(), created: route.metadata.created() }
}

fn translate_rule(
    spec: &HttpRouteRule,
    namespace: &str,
    referents: &Referents<'_>,
    around: &Layer,
    own: &Layer,
) -> Rule {
    let mut policies = overlay(&overlay(&own.policies, &own.overriding), &around.overriding);
    let limit = |field: &str| duration::limit(spec.timeouts.as_ref().and_then(|timeouts| timeouts[field].as_str()));
    let mut rule = Rule {
        name: spec.name.clone(),
        matches: filter::matches(spec),
        filters: Vec::new(),
        backends: Vec::new(),
        request_timeout: limit("request"),
        backend_request_timeout: limit("backendRequest"),
        policies: Arc::default(),
    };
    match filter::filters(spec) {
        Ok(filters) if unsupported(spec).is_none() && !own.closed && !around.closed => {
            policies.cors = policies.cors.or(filters.cors);
            if let [only] = spec.backend_refs.as_slice() {
                let limit = referents.plain_timeout(only, namespace, &policies);
                policies.backend_request_timeout = limit.or(policies.backend_request_timeout);
            }
            rule.filters = filters.filters;
            rule.backends = backends(spec, namespace, referents, &policies, &around.policies);
        }
        _ => rule.backends = vec![closed()],
    }
    rule.policies = Arc::new(policies);
    rule
}

/// A rule that must not be served as it is answers 500 `backend does not exist`.
fn closed() -> WeightedBackend {
    WeightedBackend { weight: 1, backend: Arc::new(Backend::Faulty(BackendFault::DoesNotExist)) }
}

fn backends(
    spec: &HttpRouteRule,
    namespace: &str,
    referents: &Referents<'_>,
    policies: &Policies,
    listener: &Policies,
) -> Vec<WeightedBackend> {
    let references = spec.backend_refs.iter();
    references
        .map(|reference| WeightedBackend {
            weight: reference.weight.unwrap_or(1),
            backend: Arc::new(referents.backend(reference, namespace, policies, listener)),
        })
        .collect()
}
