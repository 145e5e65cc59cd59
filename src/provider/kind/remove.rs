//! Removing the cluster, after proof that it is ours.

use super::{
    Kind, KindError, network,
    nodes::{Node, nodes_of},
    standing::Standing,
    state::Record,
};
use crate::{process::end_process, provider::ProviderError};
use bollard::query_parameters::RemoveContainerOptionsBuilder;
use std::time::Duration;

/// Time for a kind of an earlier run to end by itself.
const GRACE: Duration = Duration::from_secs(2);
/// Time for Docker to remove the containers.
const REMOVE: Duration = Duration::from_secs(60);

impl Kind {
    /// Removes the cluster with its containers, their volumes, the network if nobody else uses it, and the
    /// kubeconfig. Returns whether there was anything. PROVIDER-14: the cluster of that name is not ours.
    pub async fn remove(&self) -> Result<bool, ProviderError> {
        let record = Record::read(&self.home);
        if let Some(kind) = record.as_ref().and_then(Record::still_at_work) {
            end_process(kind, GRACE).await?;
        }
        let sight = self.look().await?;
        if let Standing::Foreign(why) = &sight.standing {
            return Err(self.not_ours(why).into());
        }
        self.take_away(&sight.nodes).await?;
        if record.as_ref().is_some_and(|record| record.network_is_ours) {
            network::remove_if_unused(&self.machine.docker).await?;
        }
        Record::erase(&self.home)?;
        Ok(record.is_some() || !sight.nodes.is_empty())
    }

    /// Removes containers that were proved to be ours.
    pub(super) async fn take_away(&self, nodes: &[Node]) -> Result<(), ProviderError> {
        self.remove_nodes(nodes).await?;
        // The `docker run` of a kind that was killed may have come through after we looked.
        let late = nodes_of(&self.machine.docker, &self.cluster).await?;
        Ok(self.remove_nodes(&late).await?)
    }

    pub(super) async fn remove_nodes(&self, nodes: &[Node]) -> Result<(), KindError> {
        for node in nodes {
            let options = RemoveContainerOptionsBuilder::default().force(true).v(true).build();
            let removed = self.machine.docker.client.remove_container(&node.id, Some(options));
            match tokio::time::timeout(REMOVE, removed).await {
                Ok(Ok(())) => {}
                // It is gone already, or Docker is removing it.
                Ok(Err(bollard::errors::Error::DockerResponseServerError { status_code: 404 | 409, .. })) => {}
                Ok(Err(error)) => return Err(KindError::docker(format!("removing {}", node.name))(error)),
                Err(_) => {
                    let why = format!("not done within {} s", REMOVE.as_secs());
                    return Err(KindError::Docker { doing: format!("removing {}", node.name), why });
                }
            }
        }
        Ok(())
    }
}
