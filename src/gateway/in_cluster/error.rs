//! Why the reference gateway cannot run in a cluster.

use std::{io, net::SocketAddr};

/// Why the reference gateway cannot run in a cluster.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum InClusterError {
    /// No cluster can be found.
    #[error("no cluster can be reached from here: {why}")]
    #[diagnostic(
        code("GATEWAY-11"),
        help("Run it in a pod that has a token of its ServiceAccount, or point KUBECONFIG at a cluster.")
    )]
    NoCluster {
        /// What the client said.
        why: String,
    },
    /// A port could not be had.
    #[error("the gateway cannot listen on {address}: {source}")]
    #[diagnostic(code("GATEWAY-12"), help("End what listens there; in a pod nothing else should."))]
    Listen {
        /// Where it wanted to listen.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
}
