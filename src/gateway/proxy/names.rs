//! From names to addresses: aliases of the sandbox, Services of the cluster, IP addresses, DNS.

use super::{directory::Directory, refusal::Refusal};
use crate::gateway::table::HostAliases;
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tokio::sync::watch;

/// How long DNS may take.
const DNS_DEADLINE: Duration = Duration::from_secs(5);
/// ExternalName Services that may point at each other before it counts as a circle.
const ALIAS_CHAIN: usize = 8;
/// Cluster-internal names never go to the host's DNS.
const CLUSTER_SUFFIX: &str = ".svc.cluster.local";
/// What a pod's resolver appends to a short name.
const SEARCH: [&str; 2] = [".svc.cluster.local", ".cluster.local"];

/// Resolves names as a pod of the cluster would.
#[derive(Debug, Clone)]
pub struct Names {
    /// Names that the sandbox adds.
    pub aliases: Arc<HostAliases>,
    /// Services of the moment.
    pub directory: watch::Receiver<Arc<Directory>>,
}

enum Found {
    Address(SocketAddr),
    /// A Service that has no endpoint at the port.
    NoEndpoint,
    /// Nothing inside of the cluster; the name to ask DNS for.
    Outside(String),
}

impl Names {
    /// Address of a backend that is named by host and port. A Service without endpoints refuses like its ClusterIP would.
    pub async fn host(&self, host: &str, port: u16) -> Result<SocketAddr, Refusal> {
        match self.look_up(host, port) {
            Found::Address(address) => Ok(address),
            Found::NoEndpoint => Err(Refusal::connection_refused()),
            Found::Outside(name) => ask_dns(&name, port).await,
        }
    }

    /// Address of a Service that a route refers to.
    pub async fn service(&self, host: &str, port: u16) -> Result<SocketAddr, Refusal> {
        match self.look_up(host, port) {
            Found::Address(address) => Ok(address),
            Found::NoEndpoint => Err(Refusal::NoHealthyBackends),
            Found::Outside(name) if name == host => Err(Refusal::NoHealthyBackends),
            Found::Outside(name) => ask_dns(&name, port).await,
        }
    }

    fn look_up(&self, host: &str, port: u16) -> Found {
        let directory = self.directory.borrow();
        let mut name = host.trim_end_matches('.');
        for _ in 0..ALIAS_CHAIN {
            if let Some(address) = self.fixed(name) {
                return Found::Address(SocketAddr::new(address, port));
            }
            match in_cluster(&directory, name) {
                Some(InCluster::Service(ports)) => {
                    let next = ports.get(&port).and_then(super::directory::Endpoints::next);
                    return next.map_or(Found::NoEndpoint, Found::Address);
                }
                Some(InCluster::Alias(target)) => name = target.trim_end_matches('.'),
                None => return Found::Outside(name.to_owned()),
            }
        }
        Found::Outside(host.to_owned())
    }

    fn fixed(&self, name: &str) -> Option<IpAddr> {
        self.aliases.get(name).copied().or_else(|| name.trim_matches(['[', ']']).parse().ok())
    }
}

enum InCluster<'d> {
    Service(&'d std::collections::BTreeMap<u16, super::directory::Endpoints>),
    Alias(&'d str),
}

fn in_cluster<'d>(directory: &'d Directory, name: &str) -> Option<InCluster<'d>> {
    let exactly = |name: &str| {
        let service = directory.services.get(name).map(InCluster::Service);
        service.or_else(|| directory.aliases.get(name).map(|target| InCluster::Alias(target)))
    };
    exactly(name).or_else(|| SEARCH.iter().find_map(|suffix| exactly(&format!("{name}{suffix}"))))
}

async fn ask_dns(name: &str, port: u16) -> Result<SocketAddr, Refusal> {
    if name.ends_with(CLUSTER_SUFFIX) {
        return Err(Refusal::UnknownName);
    }
    let answer = tokio::time::timeout(DNS_DEADLINE, tokio::net::lookup_host((name, port))).await;
    let Ok(Ok(addresses)) = answer else { return Err(Refusal::UnknownName) };
    let addresses: Vec<SocketAddr> = addresses.collect();
    // Most of what listens on a developer's machine listens on IPv4.
    addresses.iter().find(|address| address.is_ipv4()).or(addresses.first()).copied().ok_or(Refusal::UnknownName)
}
