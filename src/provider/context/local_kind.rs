//! Recognising a context that leads to kind nodes on this machine: only those can be given images without a registry.

use crate::process::Docker;
use bollard::{models::ContainerSummary, query_parameters::ListContainersOptionsBuilder};
use std::collections::HashMap;

/// The label that kind puts on its containers. Source: kind 0.33 `pkg/cluster/internal/providers/common/constants.go`.
const CLUSTER_LABEL: &str = "io.x-k8s.kind.cluster";
/// The port of the API inside a node.
const API_PORT: u16 = 6443;

/// Names of the node containers behind a context, by three signs: the context is named as kind names them, containers of
/// that cluster run here, and the API's port is that of one of them. Empty: it is no kind cluster of this machine.
pub async fn local_kind_nodes(docker: &Docker, context: &str, api: &str) -> Vec<String> {
    let (Some(cluster), Some(port)) = (context.strip_prefix("kind-"), loopback_port(api)) else { return Vec::new() };
    let label = format!("{CLUSTER_LABEL}={cluster}");
    let filters = HashMap::from([("label", vec![label.as_str()])]);
    let options = ListContainersOptionsBuilder::default().filters(&filters).build();
    let Ok(listed) = docker.client.list_containers(Some(options)).await else { return Vec::new() };
    if !listed.iter().any(|container| serves_at(container, port)) {
        return Vec::new();
    }
    let is_node = |container: &&ContainerSummary| {
        let role = container.labels.as_ref().and_then(|labels| labels.get("io.x-k8s.kind.role"));
        role.is_some_and(|role| role != "external-load-balancer")
    };
    let name = |container: &ContainerSummary| container.names.as_ref()?.first().map(|name| name[1..].to_owned());
    let mut names: Vec<String> = listed.iter().filter(is_node).filter_map(name).collect();
    names.sort();
    names
}

fn serves_at(container: &ContainerSummary, port: u16) -> bool {
    let ports = container.ports.iter().flatten();
    ports.into_iter().any(|mapped| mapped.private_port == API_PORT && mapped.public_port == Some(port))
}

/// The port of a URL that leads to this machine.
fn loopback_port(api: &str) -> Option<u16> {
    let authority = api.strip_prefix("https://")?.split('/').next()?;
    let (host, port) = authority.rsplit_once(':')?;
    matches!(host, "127.0.0.1" | "localhost" | "[::1]" | "0.0.0.0").then(|| port.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::loopback_port;

    #[test]
    fn only_an_api_of_this_machine_can_be_a_node_here() {
        assert_eq!(loopback_port("https://127.0.0.1:36443"), Some(36443));
        assert_eq!(loopback_port("https://localhost:6443/"), Some(6443));
        assert_eq!(loopback_port("https://kind-control-plane:6443"), None);
        assert_eq!(loopback_port("http://127.0.0.1"), None);
    }
}
