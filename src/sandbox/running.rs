//! A sandbox that is up, and the ways into it.

use super::{Record, Sandbox, SandboxError};
use crate::{
    canonical::GatewayRef,
    cluster::{Cluster, ClusterError, ObjectKey, Writes},
    exchange::MockAdmin,
    execute,
    plan::SANDBOX_NAMESPACE,
    provider::{ClusterFacts, Provider},
};
use serde_json::Value;
use std::path::PathBuf;

/// A sandbox that is up.
pub struct Running {
    /// Its state directory.
    pub home: PathBuf,
    /// What it was made from.
    pub record: Record,
    /// Its Kubernetes API.
    pub cluster: Cluster,
    /// What its provider says of it.
    pub facts: ClusterFacts,
}

impl Running {
    /// Looks for the sandbox; an error says that it is not up.
    pub async fn find(sandbox: &Sandbox, writes: Writes) -> Result<Self, SandboxError> {
        let record = Record::read(sandbox).unwrap_or_else(Record::by_hand);
        let provider = Provider::in_state(&sandbox.path, sandbox.name.as_str()).await?;
        let facts = match provider {
            Some(provider) => provider.observe().await?,
            None => None,
        };
        let facts = facts.ok_or_else(|| sandbox.not_up())?;
        let cluster = Cluster::from_kubeconfig(&facts.kubeconfig, writes).await?;
        Ok(Self { home: sandbox.path.clone(), record, cluster, facts })
    }

    /// The way to the mocks.
    pub async fn mocks(&self) -> Result<MockAdmin, SandboxError> {
        Ok(execute::mock_admin(&self.cluster, &self.facts, &self.home).await?)
    }

    /// Host at which node ports are reached that were not mapped: this machine, or the first node.
    pub async fn node_address(&self) -> Result<String, SandboxError> {
        if self.facts.background.is_some() {
            return Ok("127.0.0.1".to_owned());
        }
        let nodes = self.cluster.list("v1", "Node").await?;
        let internal = |node: &Value| {
            let addresses = node.pointer("/status/addresses")?.as_array()?;
            let found = addresses.iter().find(|address| address["type"] == "InternalIP")?;
            found["address"].as_str().map(str::to_owned)
        };
        let missing =
            || ClusterError::Call { doing: "looking for a node".to_owned(), why: "none has an address".to_owned() };
        Ok(nodes.iter().find_map(internal).ok_or_else(missing)?)
    }

    /// The sandbox's Gateway and its URL.
    pub async fn gateway(&self) -> Result<(GatewayRef, String), SandboxError> {
        let missing = || ClusterError::Call {
            doing: "looking for the sandbox's Gateway".to_owned(),
            why: format!("there is none in namespace {SANDBOX_NAMESPACE}"),
        };
        let gateways = self.cluster.list("gateway.networking.k8s.io/v1", "Gateway").await?;
        let ours = gateways.iter().find(|gateway| gateway["metadata"]["namespace"] == SANDBOX_NAMESPACE);
        let name = ours.and_then(|gateway| gateway["metadata"]["name"].as_str()).ok_or_else(missing)?;
        let service = ObjectKey::namespaced("v1", "Service", SANDBOX_NAMESPACE, name);
        let service = self.cluster.get(&service).await?.ok_or_else(missing)?;
        let url = execute::gateway_url(&service, None, &self.facts).ok_or_else(missing)?;
        Ok((GatewayRef { namespace: SANDBOX_NAMESPACE.to_owned(), name: name.to_owned() }, url))
    }
}
