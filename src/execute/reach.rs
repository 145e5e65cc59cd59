//! The ways from this machine into a sandbox's cluster: to its gateway, to Gateways of scenarios, and to its mocks.

use super::{
    ExecuteError,
    proof::{Proof, prove},
    ways::Way,
};
use crate::{
    cluster::{Cluster, ObjectKey},
    exchange::MockAdmin,
    execute::HostMocks,
    forward::{self, ForwardTarget},
    plan::MOCKS_NAMESPACE,
    provider::ClusterFacts,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;
use std::{
    io,
    path::PathBuf,
    time::{Duration, Instant},
};
use tokio::net::TcpStream;

/// Time for an address to take a connection.
const CONNECT: Duration = Duration::from_millis(700);
/// Time for an address that refuses: what is behind it may have just begun.
const REFUSING: Duration = Duration::from_secs(3);
/// Pause between two tries.
const RETRY: Duration = Duration::from_millis(100);

/// The ways from this machine into a sandbox's cluster.
#[derive(Clone)]
pub struct Reach {
    cluster: Cluster,
    facts: ClusterFacts,
    home: PathBuf,
}

impl Reach {
    /// The ways into a cluster of the sandbox with this state directory.
    pub fn new(cluster: Cluster, facts: ClusterFacts, home: PathBuf) -> Self {
        Self { cluster, facts, home }
    }

    /// The URL that leads to a port of a Service, to its first port where none is named, by a way that is there. `None`: none
    /// is, or the Service has no such port yet. Changes nothing.
    pub async fn find(&self, service: &Value, port: Option<u16>) -> Option<String> {
        let (target, ways) = self.ways(service, port).await?;
        if let Some(here) = forward::find(&self.home, &target) {
            return Some(loopback(here));
        }
        for way in ways {
            if let Tried::Open(url) = self.try_way(&target, &way).await {
                return Some(url);
            }
        }
        None
    }

    /// The same, and where no way is there a port of this machine is forwarded. `None`: the Service has no such port yet.
    ///
    /// # Errors
    /// The port cannot be forwarded.
    pub async fn open(&self, service: &Value, port: Option<u16>) -> Result<Option<String>, ExecuteError> {
        let Some((target, ways)) = self.ways(service, port).await else { return Ok(None) };
        if let Some(here) = forward::find(&self.home, &target) {
            return Ok(Some(loopback(here)));
        }
        for way in ways {
            if let Some(url) = self.try_patiently(&target, &way).await {
                return Ok(Some(url));
            }
        }
        let forward = forward::open(&self.home, &target, target.port.max(1024)).await?;
        Ok(Some(loopback(forward.here)))
    }

    async fn ways(&self, service: &Value, port: Option<u16>) -> Option<(ForwardTarget, Vec<Way>)> {
        let ports = service.pointer("/spec/ports")?.as_array()?;
        let entry = match port {
            Some(port) => ports.iter().find(|entry| entry["port"] == port)?,
            None => ports.first()?,
        };
        let text = |key: &str| service["metadata"][key].as_str().unwrap_or_default().to_owned();
        let port = u16::try_from(entry["port"].as_u64()?).ok()?;
        let target = ForwardTarget { namespace: text("namespace"), service: text("name"), port };
        let mut ways = Way::known(service, entry, &self.facts)?;
        if ways.is_empty() {
            // Only where needed: it costs a call. A cluster whose nodes may not be listed is reached in other ways.
            let nodes = self.cluster.list("v1", "Node").await.unwrap_or_default();
            ways = Way::looked_for(service, entry, &nodes);
        }
        Some((target, ways))
    }

    /// A node of our own that refuses is reached, and what is behind it may have just begun; at another's address anybody may
    /// refuse.
    async fn try_patiently(&self, target: &ForwardTarget, way: &Way) -> Option<String> {
        let began = Instant::now();
        loop {
            match self.try_way(target, way).await {
                Tried::Open(url) => return Some(url),
                Tried::Refusing(url) if self.facts.shared.is_none() => return Some(url),
                Tried::Refusing(_) if began.elapsed() < REFUSING => tokio::time::sleep(RETRY).await,
                Tried::Refusing(_) | Tried::Unreachable => return None,
            }
        }
    }

    async fn try_way(&self, target: &ForwardTarget, way: &Way) -> Tried {
        let (host, port) = match way {
            Way::Certain { host, port } => return Tried::Open(url(host, *port)),
            Way::Likely { host, port } => (host, *port),
        };
        let url = url(host, port);
        match tokio::time::timeout(CONNECT, TcpStream::connect((host.as_str(), port))).await {
            Ok(Ok(_)) if self.facts.shared.is_none() => Tried::Open(url),
            Ok(Ok(_)) => match prove(&self.cluster, target, &url).await {
                Proof::Given => Tried::Open(url),
                Proof::Missing => Tried::Refusing(url),
                Proof::Refuted => Tried::Unreachable,
            },
            Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionRefused => Tried::Refusing(url),
            _ => Tried::Unreachable,
        }
    }

    /// The admin API of the mocks: that of the background process, that of the mocks on this machine, or the one in the
    /// cluster with the token that its Secret holds.
    ///
    /// # Errors
    /// There is none yet, or no way to it.
    pub async fn mock_admin(&self) -> Result<MockAdmin, ExecuteError> {
        if let (None, Some(mocks)) = (&self.facts.background, HostMocks::recorded(&self.home)) {
            return mocks.admin(&self.home);
        }
        let failed = |why: String| ExecuteError::Mock { mock: "admin".to_owned(), why };
        let (url, token) = match &self.facts.background {
            Some(background) => (format!("{}/mocks", background.admin.url), background.admin.token.clone()),
            None => {
                let key = ObjectKey::namespaced("v1", "Service", MOCKS_NAMESPACE, "agw-mocks-admin");
                let service = self.cluster.get(&key).await?.ok_or_else(|| failed("they have no Service".to_owned()))?;
                let url = self.open(&service, None).await?;
                let url = url.ok_or_else(|| failed("no port of this machine leads to them".to_owned()))?;
                let token = token_in(&self.cluster).await?;
                (url, token.ok_or_else(|| failed("their Secret has no token".to_owned()))?)
            }
        };
        MockAdmin::new(&url, Some(token)).map_err(|error| failed(error.to_string()))
    }
}

enum Tried {
    Open(String),
    /// Somebody there says no, or cannot be told from others yet.
    Refusing(String),
    /// Nobody is there, or somebody else.
    Unreachable,
}

fn loopback(port: u16) -> String {
    url("127.0.0.1", port)
}

fn url(host: &str, port: u16) -> String {
    if host.contains(':') { format!("http://[{host}]:{port}") } else { format!("http://{host}:{port}") }
}

async fn token_in(cluster: &Cluster) -> Result<Option<String>, ExecuteError> {
    let key = ObjectKey::namespaced("v1", "Secret", MOCKS_NAMESPACE, "agw-mocks-admin");
    let Some(secret) = cluster.get(&key).await? else { return Ok(None) };
    let encoded = secret.pointer("/data/token").and_then(Value::as_str).unwrap_or_default();
    let decoded = STANDARD.decode(encoded).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    Ok(decoded.filter(|token| !token.is_empty()))
}
