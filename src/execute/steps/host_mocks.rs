//! Mocks on this machine, as the endpoints of Services in the cluster.

use crate::{
    cluster::{Cluster, ObjectKey, SANDBOX_LABEL},
    execute::{Done, ExecuteError, HostMocks, World},
    plan::{MOCKS_NAMESPACE, MockSet, SET_LABEL},
    provider::HostTarget,
};
use serde_json::{Value, json};
use std::net::IpAddr;

/// Starts the mocks at the address that leads from pods to this machine, and lets every Service lead there.
pub(super) async fn bring_about(set: &MockSet, world: &World) -> Result<Done, ExecuteError> {
    let cluster = world.cluster()?;
    let failed = |why: &str| ExecuteError::Mock { mock: "admin".to_owned(), why: why.to_owned() };
    let Some(HostTarget::Address(address)) = &world.facts()?.host else {
        return Err(failed(
            "no address of this machine is known to the cluster's network, so pods could not reach them",
        ));
    };
    let (mocks, started) = HostMocks::ensure(&world.home, *address).await?;
    let mut changed = retire_pods(cluster, set).await? || started;
    for object in &set.objects {
        changed |= cluster.bring(object).await?;
    }
    for service in &set.services {
        let port = mocks.ports.get(&service.name).ok_or_else(|| failed("one of them does not run"))?;
        let port = json!({"name": port_name(set, service), "port": port, "protocol": "TCP"});
        changed |= cluster.bring(&slice(service, *address, &port, &world.sandbox)).await?;
    }
    Ok(Done::changed_if(changed, format!("on this machine, at {address}")))
}

/// Takes the pods of the mocks away, where an earlier run had them. Their Services go too: Kubernetes would keep the pods'
/// addresses as endpoints of a Service that loses its selector.
async fn retire_pods(cluster: &Cluster, set: &MockSet) -> Result<bool, ExecuteError> {
    let pods = ObjectKey::namespaced("apps/v1", "Deployment", MOCKS_NAMESPACE, "agw-mocks");
    if cluster.get(&pods).await?.is_none() {
        return Ok(false);
    }
    for key in std::iter::once(&pods).chain(&set.services) {
        cluster.delete(key).await?;
    }
    Ok(true)
}

/// Takes the mocks of this machine away, where an earlier run had them here: pods are the endpoints now.
pub(super) async fn retire(cluster: &Cluster, set: &MockSet, world: &World) -> Result<bool, ExecuteError> {
    if !HostMocks::end(&world.home).await? {
        return Ok(false);
    }
    for service in &set.services {
        let slice = slice_key(service);
        if cluster.get(&slice).await?.is_some() {
            cluster.delete(&slice).await?;
        }
    }
    Ok(true)
}

fn slice_key(service: &ObjectKey) -> ObjectKey {
    ObjectKey::namespaced("discovery.k8s.io/v1", "EndpointSlice", MOCKS_NAMESPACE, &format!("{}-host", service.name))
}

/// The name of the port of a Service: that of its endpoints is the same.
fn port_name<'a>(set: &'a MockSet, service: &ObjectKey) -> &'a str {
    let ours =
        set.objects.iter().find(|object| object["kind"] == "Service" && object["metadata"]["name"] == service.name);
    ours.and_then(|object| object["spec"]["ports"][0]["name"].as_str()).unwrap_or("http")
}

fn slice(service: &ObjectKey, address: IpAddr, port: &Value, sandbox: &str) -> Value {
    json!({
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {
            "name": slice_key(service).name,
            "namespace": MOCKS_NAMESPACE,
            "labels": {
                "kubernetes.io/service-name": service.name,
                "endpointslice.kubernetes.io/managed-by": "agw-sandbox",
                SANDBOX_LABEL: sandbox,
                SET_LABEL: "mocks",
            },
        },
        "addressType": if address.is_ipv4() { "IPv4" } else { "IPv6" },
        "ports": [port],
        "endpoints": [{"addresses": [address.to_string()], "conditions": {"ready": true}}],
    })
}
