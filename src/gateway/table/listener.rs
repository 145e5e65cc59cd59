//! Listeners and their routes.

use super::{Policies, Route, RouteGroup};
use std::net::IpAddr;
use std::{collections::BTreeMap, sync::Arc};

/// Namespace and name of an object.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectName {
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub name: String,
}

impl std::fmt::Display for ObjectName {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}/{}", self.namespace, self.name)
    }
}

/// Which listener of which Gateway.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ListenerKey {
    /// The Gateway.
    pub gateway: ObjectName,
    /// Name of the listener.
    pub listener: String,
}

/// Everything that is served at one moment.
#[derive(Debug, Clone, Default, PartialEq, Hash)]
pub struct Table {
    /// Listeners of all accepted Gateways; several may share a port.
    pub listeners: Vec<Arc<Listener>>,
    /// Endpoints of Services by their cluster DNS name (`svc.ns.svc.cluster.local`) and port. A Service that exists without
    /// ready endpoints has an empty list.
    pub services: BTreeMap<(String, u16), Vec<(IpAddr, u16)>>,
    /// Services of type ExternalName: cluster DNS name to target name.
    pub aliases: BTreeMap<String, String>,
}

/// One listener.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Listener {
    /// Its Gateway and name.
    pub key: ListenerKey,
    /// Port as the Gateway names it.
    pub port: u16,
    /// Host name it is restricted to; `*.` wildcards allowed.
    pub hostname: Option<String>,
    /// Routes attached to it, oldest first.
    pub routes: Vec<Arc<Route>>,
    /// Routes that others lead to.
    pub groups: BTreeMap<RouteGroup, Vec<Arc<Route>>>,
    /// Policies of the Gateway and of this listener, already merged.
    pub policies: Arc<Policies>,
}

impl Listener {
    /// All routes: those that are attached, and those that these lead to.
    pub fn all_routes(&self) -> impl Iterator<Item = &Arc<Route>> {
        self.routes.iter().chain(self.groups.values().flatten())
    }
}
