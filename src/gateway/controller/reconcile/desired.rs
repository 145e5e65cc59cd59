//! The whole of what should be, from the whole of what is.

use super::{
    attachment::{self, Attachment},
    backend::{self, ReadBackend},
    class, delegation, gateway,
    listener::{self, ListenerPoint},
    model,
    policy::overlay,
    policy_book::PolicyBook,
    policy_status::{self, Reach},
    refs::Referents,
    route, service,
};
use crate::gateway::{
    Mutant,
    controller::{
        line::{Identity, ProxyImage},
        objects,
        resource::{HttpRoute, Kind, ObjectKey, Snapshot},
    },
    table::{Backend, Listener, ListenerKey, ObjectName, Table},
};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

/// Listener port → where the proxy in this process really listens, or why it does not.
pub type BoundPorts = BTreeMap<u16, Result<SocketAddr, String>>;

/// What beside the cluster decides what should be.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Release that is played, without `v`.
    pub release: String,
    /// Whether the proxy runs in this process, so that nobody else reports on Deployments and balancers.
    pub in_process_proxy: bool,
    /// Address that Services get.
    pub address: Option<IpAddr>,
    /// Image of the reference proxy, where it runs in pods.
    pub proxy_image: Option<ProxyImage>,
    /// As whom the controller acts.
    pub identity: Identity,
    /// Where the proxy listens.
    pub bound: BoundPorts,
    /// How to misbehave.
    pub mutant: Option<Mutant>,
    /// Random bytes for session keys that do not exist yet.
    pub fresh: [u8; 32],
}

/// What should be.
#[derive(Debug, Default)]
pub struct Desired {
    /// What the proxy serves.
    pub table: Table,
    /// Statuses without transition times; fields that are `null` go away. See [`settle`](super::settle()).
    pub statuses: BTreeMap<ObjectKey, Value>,
    /// Objects to apply.
    pub objects: BTreeMap<ObjectKey, Value>,
    /// Objects to delete: their Gateway is gone.
    pub doomed: BTreeSet<ObjectKey>,
    /// What people should know: fields that are not done, references that lead nowhere.
    pub warnings: BTreeSet<String>,
}

/// Computes what should be. The same input always gives the same answer.
pub fn reconcile(snapshot: &Snapshot, settings: &Settings) -> Desired {
    let mut desired = Desired::default();
    classes(&mut desired, snapshot, settings);

    let is_ours = |class: &str| class::is_ours(snapshot, class, &settings.identity);
    let ours = snapshot.gateways.values().filter(|gateway| is_ours(&gateway.spec.gateway_class_name));
    let points: Vec<_> = ours
        .flat_map(|gateway| gateway.spec.listeners.iter().map(move |spec| listener::look(gateway, spec, snapshot)))
        .collect();
    let mut routes: Vec<_> = snapshot.routes.values().collect();
    routes.sort_by_key(|route| (route.metadata.created(), route.metadata.object_name()));
    let attached: Vec<_> =
        routes.into_iter().map(|route| (route, attachment::attach(route, &points, snapshot))).collect();

    let book = PolicyBook::read(snapshot);
    let backends = snapshot.backends.iter().map(|(name, spec)| (name.clone(), backend::read(spec, snapshot))).collect();
    let referents = Referents { snapshot, backends: &backends, book: &book, mutant: settings.mutant };

    desired.table = table(&points, &attached, &referents, &settings.identity);
    route_statuses(&mut desired, &attached, &referents, settings);
    backend_statuses(&mut desired, snapshot, &backends, settings);
    policy_statuses(&mut desired, &attached, &referents, &settings.identity);
    desired.warnings.extend(points.iter().flat_map(|point| model::route(point, snapshot).1));
    gateway_statuses(&mut desired, &points, &attached, snapshot, settings);
    desired.doomed = objects::orphans(snapshot);
    desired
}

fn classes(desired: &mut Desired, snapshot: &Snapshot, settings: &Settings) {
    let identity = &settings.identity;
    let own = ObjectKey::new(Kind::GatewayClass, "", &identity.class);
    if identity.enabled && snapshot.live(&own).is_none() {
        desired.objects.insert(own, class::manifest(identity));
    }
    for (name, known) in &snapshot.classes {
        if class::is_ours(snapshot, &known.metadata.name, identity) {
            let key = ObjectKey { kind: Kind::GatewayClass, name: name.clone() };
            desired.statuses.insert(key, class::status(known, settings));
        }
    }
}

fn table(
    points: &[ListenerPoint<'_>],
    attached: &[(&HttpRoute, Attachment)],
    referents: &Referents<'_>,
    identity: &Identity,
) -> Table {
    let mut table = Table::default();
    service::fill(&mut table, referents.snapshot);
    objects::host_aliases(&mut table, referents.snapshot, identity);
    for (index, point) in points.iter().enumerate().filter(|(_, point)| point.served) {
        let gateway = point.gateway.metadata.object_name();
        if objects::parameters_problem(point.gateway, referents.snapshot).is_some() {
            continue;
        }
        let key = ObjectKey { kind: Kind::Gateway, name: gateway.clone() };
        let mut layer = referents.book.layer(&key, Some(&point.spec.name));
        layer.policies = overlay(&layer.policies, &layer.overriding);
        let mine = attached.iter().filter(|(_, attachment)| attachment.listeners.contains(&index));
        let routes: Vec<_> = mine.map(|(spec, _)| Arc::new(route::translate(spec, referents, &layer))).collect();
        let groups = delegation::groups(&routes, referents, &layer);
        let (models, _) = model::route(point, referents.snapshot);
        let routes: Vec<_> = routes.into_iter().chain(models).collect();
        routes.iter().chain(groups.values().flatten()).for_each(|route| know_services(&mut table, route));
        table.listeners.push(Arc::new(Listener {
            key: ListenerKey { gateway, listener: point.spec.name.clone() },
            port: point.spec.port,
            hostname: point.spec.hostname.clone(),
            routes,
            groups,
            policies: Arc::new(layer.policies),
        }));
    }
    table
}

/// A port that its Service does not have is a Service without endpoints: the reference is good, the answer 503.
fn know_services(table: &mut Table, route: &crate::gateway::table::Route) {
    for backend in route.rules.iter().flat_map(|rule| &rule.backends) {
        if let Backend::Service(service) = backend.backend.as_ref()
            && !table.aliases.contains_key(&service.host)
        {
            table.services.entry((service.host.clone(), service.port)).or_default();
        }
    }
}

fn route_statuses(
    desired: &mut Desired,
    attached: &[(&HttpRoute, Attachment)],
    referents: &Referents<'_>,
    settings: &Settings,
) {
    for (spec, attachment) in attached {
        let verdict = route::judge(spec, referents);
        let key = ObjectKey { kind: Kind::HttpRoute, name: spec.metadata.object_name() };
        for problem in verdict.unsupported.iter().chain(&verdict.ignored) {
            desired.warnings.insert(format!("{key}: {problem}"));
        }
        let mut entries = route::parents(spec, attachment, &verdict, settings.mutant);
        entries.extend(delegation::parents(spec, referents.snapshot));
        let status = route::status(entries, live_status(referents.snapshot, &key), &settings.identity.controller);
        desired.statuses.extend(status.map(|status| (key, status)));
    }
}

fn backend_statuses(
    desired: &mut Desired,
    snapshot: &Snapshot,
    backends: &BTreeMap<ObjectName, ReadBackend>,
    settings: &Settings,
) {
    for (name, spec) in &snapshot.backends {
        let Some(read) = backends.get(name) else { continue };
        let key = ObjectKey { kind: Kind::Backend, name: name.clone() };
        desired.warnings.extend(read.warning().map(|problem| format!("{key}: {problem}")));
        desired.statuses.insert(key, read.status(spec.metadata.generation, settings.mutant));
    }
}

fn policy_statuses(
    desired: &mut Desired,
    attached: &[(&HttpRoute, Attachment)],
    referents: &Referents<'_>,
    identity: &Identity,
) {
    let snapshot = referents.snapshot;
    let reach = reach(attached);
    for read in &referents.book.policies {
        let Some(spec) = snapshot.policies.get(&read.name) else { continue };
        let key = ObjectKey { kind: Kind::Policy, name: read.name.clone() };
        desired.warnings.extend(read.problems.iter().map(|problem| format!("{key}: {problem}")));
        let status =
            policy_status::status(spec, read, snapshot, &reach, live_status(snapshot, &key), &identity.controller);
        desired.statuses.extend(status.map(|status| (key, status)));
    }
}

/// Gateways by the routes that name them and by the backends of those routes.
fn reach(attached: &[(&HttpRoute, Attachment)]) -> Reach {
    let mut reach = Reach::new();
    for (route, attachment) in attached {
        let gateways: BTreeSet<_> = attachment.gateways.keys().cloned().collect();
        let key = ObjectKey { kind: Kind::HttpRoute, name: route.metadata.object_name() };
        reach.entry(key).or_default().extend(gateways.iter().cloned());
        for reference in route.spec.rules.iter().flat_map(|rule| &rule.backend_refs) {
            if reference.kind.as_deref() == Some(Kind::Backend.name()) {
                let home = reference.namespace.as_ref().unwrap_or(&route.metadata.namespace);
                let key = ObjectKey::new(Kind::Backend, home, &reference.name);
                reach.entry(key).or_default().extend(gateways.iter().cloned());
            }
        }
    }
    reach
}

fn gateway_statuses(
    desired: &mut Desired,
    points: &[ListenerPoint<'_>],
    attached: &[(&HttpRoute, Attachment)],
    snapshot: &Snapshot,
    settings: &Settings,
) {
    let extra = usize::from(settings.mutant == Some(Mutant::AttachedRoutesOffByOne));
    for spec in snapshot.gateways.values() {
        let ours = class::is_ours(snapshot, &spec.spec.gateway_class_name, &settings.identity);
        if !ours || spec.metadata.deletion_timestamp.is_some() {
            continue;
        }
        let name = spec.metadata.object_name();
        let mine = points.iter().enumerate().filter(|(_, point)| point.gateway.metadata.object_name() == name);
        let count = |index: usize| attached.iter().filter(|(_, there)| there.listeners.contains(&index)).count();
        let listeners: Vec<_> = mine.map(|(index, point)| (point, count(index) + extra)).collect();
        let problem = objects::parameters_problem(spec, snapshot);
        let status = gateway::status(spec, &listeners, snapshot.services.get(&name), problem.as_deref());
        desired.statuses.insert(ObjectKey { kind: Kind::Gateway, name }, status);
        if problem.is_none() {
            let served = listeners.iter().filter(|(point, _)| point.served).map(|(point, _)| point.spec.port).collect();
            objects::for_gateway(desired, spec, &served, snapshot, settings);
        }
    }
}

fn live_status<'a>(snapshot: &'a Snapshot, key: &ObjectKey) -> &'a Value {
    snapshot.live(key).map_or(&Value::Null, |object| &object["status"])
}
