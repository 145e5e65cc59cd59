//! Which listeners a route attaches to, and what its parents say of it.

use super::{hostname, listener::ListenerPoint};
use crate::gateway::{
    controller::resource::{HttpRoute, ParentRef, Snapshot},
    table::ObjectName,
};
use std::collections::{BTreeMap, BTreeSet};

/// Where a route ends up.
#[derive(Debug, Default)]
pub(super) struct Attachment {
    /// Listeners that take it, by index.
    pub(super) listeners: BTreeSet<usize>,
    /// Gateways of ours that it names, and why each does not take it, if it does not.
    pub(super) gateways: BTreeMap<ObjectName, Option<Denial>>,
}

/// Why a Gateway does not take a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Denial {
    /// Reason of the condition.
    pub(super) reason: &'static str,
    /// Its message.
    pub(super) message: String,
}

/// The Gateway that a parent reference means; `None` for other kinds.
pub(super) fn parent_gateway(parent: &ParentRef, route: &HttpRoute) -> Option<ObjectName> {
    let group = parent.group.as_deref().unwrap_or("gateway.networking.k8s.io");
    let kind = parent.kind.as_deref().unwrap_or("Gateway");
    let namespace = parent.namespace.clone().unwrap_or_else(|| route.metadata.namespace.clone());
    (group == "gateway.networking.k8s.io" && kind == "Gateway")
        .then(|| ObjectName { namespace, name: parent.name.clone() })
}

/// Attaches a route. As in the real controller a Gateway speaks once for all references to it: it takes the route if one of
/// its listeners does; otherwise the last refusal counts.
pub(super) fn attach(route: &HttpRoute, points: &[ListenerPoint<'_>], snapshot: &Snapshot) -> Attachment {
    let mut attachment = Attachment::default();
    let mut parents: Vec<_> = route.spec.parent_refs.iter().collect();
    parents.sort_by_key(|parent| sort_key(parent));
    let mut taken = BTreeSet::new();
    for parent in parents {
        let Some(gateway) = parent_gateway(parent, route) else { continue };
        for (index, point) in points.iter().enumerate() {
            if point.gateway.metadata.object_name() != gateway {
                continue;
            }
            match refusal(route, parent, point, snapshot) {
                Some(denial) => drop(attachment.gateways.insert(gateway.clone(), Some(denial))),
                None => {
                    attachment.listeners.insert(index);
                    taken.insert(gateway.clone());
                }
            }
        }
    }
    attachment.gateways.extend(taken.into_iter().map(|gateway| (gateway, None)));
    attachment
}

/// The order in which references are looked at.
fn sort_key(parent: &ParentRef) -> String {
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    format!(
        "{}/{}/{}/{}/{}.{}",
        text(&parent.group),
        text(&parent.kind),
        parent.name,
        text(&parent.section_name),
        parent.port.unwrap_or(0),
        text(&parent.namespace)
    )
}

fn refusal(route: &HttpRoute, parent: &ParentRef, point: &ListenerPoint<'_>, snapshot: &Snapshot) -> Option<Denial> {
    let deny = |reason, message| Some(Denial { reason, message });
    if let Some(port) = parent.port.filter(|port| *port != point.spec.port) {
        return deny("NoMatchingParent", format!("port {port} not found"));
    }
    if let Some(section) = parent.section_name.as_ref().filter(|section| **section != point.spec.name) {
        return deny("NoMatchingParent", format!("sectionName \"{section}\" not found"));
    }
    let theirs = point.spec.hostname.as_deref().unwrap_or("*");
    let shown = point.spec.hostname.as_deref().unwrap_or_default();
    let ours = &route.spec.hostnames;
    if !ours.is_empty() && !ours.iter().any(|name| hostname::intersect(theirs, name)) {
        return deny("NoMatchingListenerHostname", format!("no hostnames matched parent hostname \"{shown}\""));
    }
    let namespace = &route.metadata.namespace;
    if !point.admits_namespace(namespace, snapshot) {
        let message = format!(
            "hostnames matched parent hostname \"{shown}\", but namespace \"{namespace}\" is not allowed by the parent"
        );
        return deny("NotAllowedByListeners", message);
    }
    point.refuses_http_routes().and_then(|message| deny("NotAllowedByListeners", message))
}
