//! The Service of a Gateway.

use super::{generate::Making, merge::merge};
use crate::gateway::controller::reconcile::Settings;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The Service: one port for each port of the Gateway's listeners.
pub(super) fn manifest(making: &Making<'_>, settings: &Settings) -> Value {
    let mut numbers = BTreeSet::new();
    let listeners = making.gateway.spec.listeners.iter().filter(|listener| numbers.insert(listener.port));
    let ports: Vec<Value> = listeners
        .map(|listener| {
            let port = listener.port;
            json!({"name": format!("listener-{port}"), "protocol": "TCP", "targetPort": port, "port": port})
        })
        .collect();
    let mut spec = json!({"type": "LoadBalancer", "ports": ports, "selector": making.selector()});
    let wanted = making.gateway.spec.addresses.iter().find_map(|address| address["value"].as_str());
    if let Some(address) = wanted {
        spec["loadBalancerIP"] = address.into();
    }
    let mut service = json!({"apiVersion": "v1", "kind": "Service", "metadata": making.metadata(""), "spec": spec});
    merge(&mut service, &making.parameters["service"]);
    if settings.in_process_proxy && service["spec"]["type"] != "ClusterIP" {
        show_bound_ports(&mut service, settings);
    }
    service
}

/// Node ports are where the proxy in this process really listens, so that clients find it.
fn show_bound_ports(service: &mut Value, settings: &Settings) {
    for port in service["spec"]["ports"].as_array_mut().into_iter().flatten() {
        let number = port["port"].as_u64().and_then(|number| u16::try_from(number).ok());
        if let Some(Ok(address)) = number.and_then(|number| settings.bound.get(&number)) {
            port["nodePort"] = address.port().into();
        }
    }
}

/// What a balancer would report: the address, once the proxy listens everywhere.
pub(super) fn status(service: &Value, settings: &Settings) -> Option<Value> {
    let address = settings.address.filter(|_| service["spec"]["type"] == "LoadBalancer")?;
    Some(json!({"loadBalancer": {"ingress": [{"ip": address.to_string(), "ipMode": "VIP"}]}}))
}
