//! This machine as a Service, where pods have no other name for it: nothing of the cluster's own is changed.

use super::{HostServiceSpec, SANDBOX_NAMESPACE};
use crate::{
    canonical::Wiring,
    resolve::{Resolved, SharedChoice, is_on_host},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Name of the Service.
const NAME: &str = "host";
/// What is replaced by the Service's name.
const HOST: &str = "host.internal";

/// The wiring with this machine under the name of our Service, where the user gave its address.
pub fn with_host_service(resolved: &Resolved) -> Wiring {
    let mut wiring = resolved.wiring.clone();
    if resolved.shared.as_ref().is_some_and(|shared| shared.host_address.is_some()) {
        addresses(&mut wiring).into_iter().filter(|address| is_on_host(address)).for_each(|address| {
            *address = format!("{NAME}.{SANDBOX_NAMESPACE}.svc.cluster.local{}", &address[HOST.len()..]);
        });
    }
    wiring
}

/// The Service and its EndpointSlice, or word of what is left out.
pub fn host_service(resolved: &Resolved, shared: &SharedChoice) -> HostServiceSpec {
    let mut wiring = resolved.wiring.clone();
    let on_host = addresses(&mut wiring).into_iter().filter(|address| is_on_host(address));
    let ports: BTreeSet<u16> = on_host.filter_map(|address| port_of(address)).collect();
    let objects = match shared.host_address {
        Some(address) if !ports.is_empty() => {
            vec![service(&ports), slice(&ports, &address.to_string(), address.is_ipv6())]
        }
        _ => Vec::new(),
    };
    HostServiceSpec { objects, left_out: shared.left_out.clone() }
}

/// Without an address of its own its name leads straight to this machine, whatever the cluster's network does.
fn service(ports: &BTreeSet<u16>) -> Value {
    let ports: Vec<Value> = ports.iter().map(|port| json!({"name": format!("p{port}"), "port": port})).collect();
    json!({
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": NAME, "namespace": SANDBOX_NAMESPACE},
        "spec": {"clusterIP": "None", "ports": ports},
    })
}

fn slice(ports: &BTreeSet<u16>, address: &str, ipv6: bool) -> Value {
    let ports: Vec<Value> =
        ports.iter().map(|port| json!({"name": format!("p{port}"), "port": port, "protocol": "TCP"})).collect();
    json!({
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {
            "name": NAME,
            "namespace": SANDBOX_NAMESPACE,
            "labels": {
                "kubernetes.io/service-name": NAME,
                "endpointslice.kubernetes.io/managed-by": "agw-sandbox",
            },
        },
        "addressType": if ipv6 { "IPv6" } else { "IPv4" },
        "endpoints": [{"addresses": [address], "conditions": {"ready": true}}],
        "ports": ports,
    })
}

/// All addresses that backends name, to be changed.
fn addresses(wiring: &mut Wiring) -> Vec<&mut String> {
    let mut found = Vec::new();
    for backend in wiring.backends.values_mut() {
        found.extend(backend.at.as_mut());
        found.extend(backend.http.as_mut());
        found.extend(
            backend.mcp.iter_mut().flat_map(|servers| servers.values_mut()).filter_map(|server| server.at.as_mut()),
        );
    }
    found
}

fn port_of(address: &str) -> Option<u16> {
    address.split('/').next()?.rsplit_once(':')?.1.parse().ok()
}
