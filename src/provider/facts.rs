//! What is known of a cluster that is there.

use super::{HostTarget, PortMapping};
use std::path::PathBuf;

/// What is known of a cluster that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterFacts {
    /// The sandbox's own kubeconfig.
    pub kubeconfig: PathBuf,
    /// URL of the Kubernetes API.
    pub api: String,
    /// Node ports that are mapped to another port of this machine; all others are reached at the node itself.
    pub ports: Vec<PortMapping>,
    /// Names of its nodes, as the container engine knows them; none where it has no nodes.
    pub nodes: Vec<String>,
    /// What `host.internal` stands for in pods; `None` where there are none, or no way here.
    pub host: Option<HostTarget>,
    /// The background process, where one serves it.
    pub background: Option<Background>,
    /// What must be minded where the cluster is not ours alone; `None`: it is.
    pub shared: Option<Shared>,
}

/// A cluster that is not ours alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// The id that all of ours carries.
    pub owner: String,
    /// GatewayClasses that were there before us.
    pub classes_before: Vec<String>,
}

/// The background process of the embedded provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Background {
    /// The way to mocks and mutants.
    pub admin: Admin,
    /// Its id.
    pub pid: u32,
    /// URL of the gateway's stats port, on loopback.
    pub stats: String,
    /// The file that the gateway writes its access log to.
    pub access_log: PathBuf,
}

impl ClusterFacts {
    /// The port of 127.0.0.1 that leads to a node port; `None`: none was mapped.
    pub fn host_port(&self, node_port: u16) -> Option<u16> {
        self.ports.iter().find(|port| port.node_port == node_port).map(|port| port.host_port)
    }
}

/// The admin port of the background process. `Debug` does not show the token.
#[derive(Clone, PartialEq, Eq)]
pub struct Admin {
    /// Base URL, on loopback.
    pub url: String,
    /// Bearer token.
    pub token: String,
}

impl std::fmt::Debug for Admin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Admin").field("url", &self.url).finish_non_exhaustive()
    }
}
