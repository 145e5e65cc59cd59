//! Services and their endpoints.

use crate::gateway::{
    controller::resource::{EndpointSlice, Service, ServicePort, Snapshot},
    table::{ObjectName, Table},
};
use std::net::IpAddr;

/// The label by which an EndpointSlice belongs to a Service.
const SERVICE_LABEL: &str = "kubernetes.io/service-name";

/// The name of a Service in the cluster's DNS.
pub(super) fn dns_name(name: &ObjectName) -> String {
    format!("{}.{}.svc.cluster.local", name.name, name.namespace)
}

/// Puts all Services with their ready endpoints into the table.
pub(super) fn fill(table: &mut Table, snapshot: &Snapshot) {
    for (name, service) in &snapshot.services {
        let host = dns_name(name);
        if let Some(target) = service.spec.external_name.as_deref().filter(|_| is_external(service)) {
            table.aliases.insert(host, target.to_owned());
            continue;
        }
        for port in &service.spec.ports {
            table.services.insert((host.clone(), port.port), endpoints(snapshot, name, port));
        }
    }
}

/// Whether a Service only stands for a name elsewhere.
fn is_external(service: &Service) -> bool {
    service.spec.r#type.as_deref() == Some("ExternalName")
}

fn endpoints(snapshot: &Snapshot, service: &ObjectName, port: &ServicePort) -> Vec<(IpAddr, u16)> {
    let belongs = |slice: &&EndpointSlice| {
        slice.metadata.namespace == service.namespace && slice.metadata.labels.get(SERVICE_LABEL) == Some(&service.name)
    };
    let mut found: Vec<_> = snapshot.slices.values().filter(belongs).flat_map(|slice| ready(slice, port)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn ready(slice: &EndpointSlice, port: &ServicePort) -> Vec<(IpAddr, u16)> {
    let target = slice.ports.iter().find(|known| known.name.as_deref().unwrap_or_default() == port.name);
    let Some(target) = target.and_then(|target| target.port) else { return Vec::new() };
    let ready = slice.endpoints.iter().filter(|endpoint| endpoint.conditions.ready != Some(false));
    let addresses = ready.flat_map(|endpoint| &endpoint.addresses);
    addresses.filter_map(|address| Some((address.parse().ok()?, target))).collect()
}
