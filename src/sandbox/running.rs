//! A sandbox that is up, and the ways into it.

use super::{Record, Sandbox, SandboxError};
use crate::{
    canonical::GatewayRef,
    cluster::{Cluster, ClusterError, ObjectKey, Writes},
    exchange::MockAdmin,
    execute::Reach,
    plan::SANDBOX_NAMESPACE,
    provider::{ClusterFacts, Provider},
};

/// A sandbox that is up.
pub struct Running {
    /// What it was made from.
    pub record: Record,
    /// Its Kubernetes API.
    pub cluster: Cluster,
    /// What its provider says of it.
    pub facts: ClusterFacts,
    /// The ways into it.
    pub reach: Reach,
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
        let cluster = cluster.owned_by(facts.shared.as_ref().map(|shared| shared.owner.clone()));
        let reach = Reach::new(cluster.clone(), facts.clone(), sandbox.path.clone());
        Ok(Self { record, cluster, facts, reach })
    }

    /// The way to the mocks.
    pub async fn mocks(&self) -> Result<MockAdmin, SandboxError> {
        Ok(self.reach.mock_admin().await?)
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
        let url = self.reach.open(&service, None).await?.ok_or_else(missing)?;
        Ok((GatewayRef { namespace: SANDBOX_NAMESPACE.to_owned(), name: name.to_owned() }, url))
    }
}
