//! The node containers of a cluster, as Docker sees them.

use super::{KindError, PortMapping};
use crate::process::Docker;
use bollard::{
    models::ContainerInspectResponse,
    query_parameters::{InspectContainerOptions, ListContainersOptionsBuilder},
};
use std::{collections::HashMap, net::IpAddr};

/// The label that kind puts on its containers. Source: kind 0.33 `pkg/cluster/internal/providers/common/constants.go`.
pub(super) const CLUSTER_LABEL: &str = "io.x-k8s.kind.cluster";
/// The port of the API inside a node.
const API_PORT: u16 = 6443;

/// A node container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// When it was made, in seconds since 1970.
    pub created: i64,
    /// Whether it runs, and is not paused.
    pub running: bool,
    /// Whether it is paused.
    pub paused: bool,
    /// The image that it was made from, by id.
    pub image: String,
    /// Ports of this machine that lead into it, the API's not among them.
    pub ports: Vec<PortMapping>,
    /// The port of this machine that leads to the API.
    pub api_port: Option<u16>,
    /// The network that it is on.
    pub network: Option<String>,
    /// The gateway of that network.
    pub gateway: Option<IpAddr>,
}

/// All node containers of a cluster by name, stopped ones too.
pub(super) async fn nodes_of(docker: &Docker, cluster: &str) -> Result<Vec<Node>, KindError> {
    let label = format!("{CLUSTER_LABEL}={cluster}");
    let filters = HashMap::from([("label", vec![label.as_str()])]);
    let options = ListContainersOptionsBuilder::default().all(true).filters(&filters).build();
    let listed = docker.client.list_containers(Some(options)).await;
    let mut nodes = Vec::new();
    for listed in listed.map_err(KindError::docker("listing node containers"))? {
        let (Some(id), created) = (listed.id, listed.created.unwrap_or_default()) else { continue };
        match docker.client.inspect_container(&id, None::<InspectContainerOptions>).await {
            Ok(inspected) => nodes.push(node(id, created, inspected)),
            // It went away between the two questions.
            Err(bollard::errors::Error::DockerResponseServerError { status_code: 404, .. }) => {}
            Err(error) => return Err(KindError::docker("looking at a node container")(error)),
        }
    }
    nodes.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(nodes)
}

fn node(id: String, created: i64, inspected: ContainerInspectResponse) -> Node {
    let state = inspected.state.unwrap_or_default();
    let paused = state.paused.unwrap_or_default();
    let bindings = inspected.host_config.and_then(|host| host.port_bindings).unwrap_or_default();
    let mut ports: Vec<PortMapping> = bindings
        .into_iter()
        .filter_map(|(port, bindings)| {
            let node_port = port.split('/').next()?.parse().ok()?;
            let host_port = bindings?.first()?.host_port.as_deref()?.parse().ok()?;
            Some(PortMapping { node_port, host_port })
        })
        .collect();
    ports.sort();
    let api_port = ports.iter().find(|port| port.node_port == API_PORT).map(|port| port.host_port);
    ports.retain(|port| port.node_port != API_PORT);
    let networks = inspected.network_settings.and_then(|settings| settings.networks).unwrap_or_default();
    let (network, endpoint) = networks.into_iter().min_by(|one, other| one.0.cmp(&other.0)).unzip();
    let gateway = endpoint.and_then(|endpoint| endpoint.gateway).and_then(|gateway| gateway.parse().ok());
    Node {
        id,
        name: inspected.name.unwrap_or_default().trim_start_matches('/').to_owned(),
        created,
        running: state.running.unwrap_or_default() && !paused,
        paused,
        image: inspected.image.unwrap_or_default(),
        ports,
        api_port,
        network,
        gateway,
    }
}
