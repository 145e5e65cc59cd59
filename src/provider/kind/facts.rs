//! What is known of a kind cluster that is there.

use super::PortMapping;
use std::{net::IpAddr, path::PathBuf};

/// What is known of a kind cluster that is there. Its nodes are also where images get in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindFacts {
    /// Its name.
    pub cluster: String,
    /// The sandbox's own kubeconfig.
    pub kubeconfig: PathBuf,
    /// URL of its API.
    pub api: String,
    /// Names of its node containers; `image::load_into_nodes` takes them.
    pub nodes: Vec<String>,
    /// Ports of 127.0.0.1 that lead to node ports.
    pub ports: Vec<PortMapping>,
    /// The Docker network of the nodes.
    pub network: String,
    /// The address by which pods reach this machine; none if the network has no gateway.
    pub host_address: Option<IpAddr>,
    /// Whether containers know this machine as `host.docker.internal`, as on Docker Desktop and OrbStack: then the
    /// address is that of a virtual machine and the name is better.
    pub has_host_name: bool,
}

impl KindFacts {
    /// The port of 127.0.0.1 that leads to a node port.
    pub fn host_port(&self, node_port: u16) -> Option<u16> {
        self.ports.iter().find(|port| port.node_port == node_port).map(|port| port.host_port)
    }
}
