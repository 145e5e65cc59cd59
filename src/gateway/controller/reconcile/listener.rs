//! Listeners: whether they are good, and whom they let attach.

use super::condition::Condition;
use crate::gateway::controller::resource::{Gateway, Kind, Listener, RouteGroupKind, Snapshot};
use serde_json::Value;
use std::collections::BTreeMap;

/// What the API calls an HTTPRoute in messages.
const HTTP_ROUTE: &str = "gateway.networking.k8s.io/v1, Kind=HTTPRoute";

/// A listener of a Gateway of ours.
#[derive(Debug)]
pub(super) struct ListenerPoint<'a> {
    /// Its Gateway.
    pub(super) gateway: &'a Gateway,
    /// What it asks for.
    pub(super) spec: &'a Listener,
    /// What may attach to it.
    pub(super) kinds: Vec<RouteGroupKind>,
    /// How it is.
    pub(super) conditions: Vec<Condition>,
    /// Whether the proxy serves it.
    pub(super) served: bool,
}

/// Looks at a listener.
pub(super) fn look<'a>(gateway: &'a Gateway, spec: &'a Listener, snapshot: &Snapshot) -> ListenerPoint<'a> {
    let accepted = protocol(spec);
    let tls = accepted.is_ok().then(|| tls(gateway, spec, snapshot)).and_then(Result::err);
    let (kinds, usable) = kinds(spec);
    let fine = "No errors found";
    let resolved = match &tls {
        _ if !usable => Condition::no("ResolvedRefs", "InvalidRouteKinds", "Invalid route kinds"),
        Some(TlsProblem::Certificate(problem)) => {
            Condition::no("ResolvedRefs", "InvalidCertificateRef", problem.clone())
        }
        _ => Condition::yes("ResolvedRefs", "ResolvedRefs", fine),
    };
    let programmed = match &tls {
        None => Condition::yes("Programmed", "Programmed", fine),
        Some(TlsProblem::Certificate(_)) => Condition::no("Programmed", "Invalid", "Bad TLS configuration"),
        Some(TlsProblem::Unimplemented(problem)) => Condition::no("Programmed", "Invalid", problem.clone()),
    };
    let served = accepted.is_ok() && tls.is_none();
    let accepted = match accepted {
        Ok(()) => Condition::yes("Accepted", "Accepted", fine),
        Err(problem) => Condition::no("Accepted", "UnsupportedProtocol", problem),
    };
    let conflicted = Condition::no("Conflicted", "NoConflicts", fine);
    ListenerPoint { gateway, spec, kinds, conditions: vec![accepted, conflicted, programmed, resolved], served }
}

fn protocol(spec: &Listener) -> Result<(), String> {
    const KNOWN: [&str; 5] = ["HTTP", "HTTPS", "TLS", "TCP", "HBONE"];
    let protocol = spec.protocol.as_str();
    if KNOWN.contains(&protocol) {
        return Ok(());
    }
    let upper = protocol.to_ascii_uppercase();
    let problem = format!("protocol \"{protocol}\" is unsupported");
    if KNOWN.contains(&upper.as_str()) {
        return Err(format!("{problem}. hint: \"{upper}\" (uppercase) may be supported"));
    }
    Err(problem)
}

enum TlsProblem {
    Certificate(String),
    Unimplemented(String),
}

/// Only plain HTTP is served; what is wrong with certificates is said first, as the real controller says it.
fn tls(gateway: &Gateway, spec: &Listener, snapshot: &Snapshot) -> Result<(), TlsProblem> {
    let certificates = spec.tls.as_ref().and_then(|tls| tls["certificateRefs"].as_array());
    for reference in certificates.into_iter().flatten() {
        let field = |name: &str| reference[name].as_str().unwrap_or_default();
        let namespace = reference["namespace"].as_str().unwrap_or(&gateway.metadata.namespace);
        if super::secret::find(snapshot, namespace, field("name")).is_err() {
            let shown = format!("{}/{}/{}.{}", field("group"), field("kind"), field("name"), field("namespace"));
            let problem = format!("invalid certificate reference {shown}, secret not found");
            return Err(TlsProblem::Certificate(problem));
        }
    }
    if spec.protocol == "HTTP" {
        return Ok(());
    }
    let path = format!("listeners with protocol {}", spec.protocol);
    Err(TlsProblem::Unimplemented(super::policy::not_implemented(&path)))
}

/// Which kinds of routes may attach, and whether all that the listener names are among what its protocol supports.
fn kinds(spec: &Listener) -> (Vec<RouteGroupKind>, bool) {
    let models = RouteGroupKind { group: Kind::Model.group().to_owned(), kind: Kind::Model.name().to_owned() };
    let names: &[&str] = match spec.protocol.as_str() {
        "HTTP" | "HTTPS" => &["HTTPRoute", "GRPCRoute"],
        "TCP" => &["TCPRoute"],
        "TLS" => &["TLSRoute"],
        _ => &[],
    };
    let group = "gateway.networking.k8s.io";
    let supported = names.iter().map(|kind| RouteGroupKind { group: group.to_owned(), kind: (*kind).to_owned() });
    let wanted = &spec.allowed_routes.kinds;
    // Models are offered only where a listener names them.
    let supported =
        supported.chain((names.contains(&"HTTPRoute")).then_some(models).filter(|kind| wanted.contains(kind)));
    if wanted.is_empty() {
        return (supported.collect(), true);
    }
    let both: Vec<_> = supported.filter(|kind| wanted.contains(kind)).collect();
    let usable = both.len() == wanted.len();
    (both, usable)
}

impl ListenerPoint<'_> {
    /// Whether routes of a namespace may attach.
    pub(super) fn admits_namespace(&self, namespace: &str, snapshot: &Snapshot) -> bool {
        let allowed = &self.spec.allowed_routes.namespaces;
        match (allowed.from.as_deref(), &allowed.selector) {
            (None | Some("Same"), _) => namespace == self.gateway.metadata.namespace,
            (Some("Selector"), Some(selector)) => selector.matches(&labels_of(namespace, snapshot)),
            _ => true,
        }
    }

    /// Why HTTPRoutes as such may not attach, if they may not.
    pub(super) fn refuses_http_routes(&self) -> Option<String> {
        let allowed = self.kinds.iter().any(|kind| kind.kind == "HTTPRoute");
        (!allowed).then(|| format!("kind {HTTP_ROUTE} is not allowed"))
    }

    /// Whether models are offered here.
    pub(super) fn takes_models(&self) -> bool {
        self.kinds.iter().any(|kind| kind.kind == Kind::Model.name())
    }

    /// Its entry in the Gateway's status.
    pub(super) fn status(&self, attached_routes: usize) -> Value {
        let kinds: Value =
            self.kinds.iter().map(|kind| serde_json::json!({"group": kind.group, "kind": kind.kind})).collect();
        serde_json::json!({
            "name": self.spec.name,
            "supportedKinds": kinds,
            "attachedRoutes": attached_routes,
            "conditions": super::condition::all_at(&self.conditions, self.gateway.metadata.generation),
        })
    }
}

/// Labels of a namespace, its name among them even where the API server has not put it there.
fn labels_of(namespace: &str, snapshot: &Snapshot) -> BTreeMap<String, String> {
    let mut spaces = snapshot.namespaces.values();
    let found = spaces.find(|known| known.metadata.name == namespace);
    let mut labels = found.map(|known| known.metadata.labels.clone()).unwrap_or_default();
    labels.insert("kubernetes.io/metadata.name".to_owned(), namespace.to_owned());
    labels
}
