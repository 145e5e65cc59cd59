//! The Docker network that kind makes for all its clusters, and leaves behind.

use super::{KindError, nodes::CLUSTER_LABEL};
use crate::process::Docker;
use bollard::{
    models::ContainerSummary,
    query_parameters::{InspectNetworkOptions, ListContainersOptionsBuilder},
};
use std::collections::HashMap;

/// Our clusters are named so.
pub(super) const PREFIX: &str = "agw-";

/// The network that kind uses: `kind`, unless its own variable says another.
fn name() -> String {
    std::env::var("KIND_EXPERIMENTAL_DOCKER_NETWORK").ok().filter(|name| !name.is_empty()).unwrap_or("kind".to_owned())
}

/// Whether the network would be ours: it is not there yet, or none but clusters of sandboxes are on it.
pub(super) async fn would_be_ours(docker: &Docker) -> Result<bool, KindError> {
    let name = name();
    match docker.client.inspect_network(&name, None::<InspectNetworkOptions>).await {
        Err(bollard::errors::Error::DockerResponseServerError { status_code: 404, .. }) => return Ok(true),
        Err(error) => return Err(KindError::docker(format!("looking at the network {name}"))(error)),
        Ok(_) => {}
    }
    let users = users(docker, &name).await?;
    let ours = |user: &ContainerSummary| {
        user.labels.as_ref().and_then(|labels| labels.get(CLUSTER_LABEL)).is_some_and(|name| name.starts_with(PREFIX))
    };
    Ok(!users.is_empty() && users.iter().all(ours))
}

/// Removes the network if no container uses it, not even a stopped one.
pub(super) async fn remove_if_unused(docker: &Docker) -> Result<(), KindError> {
    let name = name();
    if !users(docker, &name).await?.is_empty() {
        return Ok(());
    }
    match docker.client.remove_network(&name).await {
        // It is gone already, or somebody began to use it meanwhile.
        Err(bollard::errors::Error::DockerResponseServerError { status_code: 403 | 404 | 409, .. }) | Ok(()) => Ok(()),
        Err(error) => Err(KindError::docker(format!("removing the network {name}"))(error)),
    }
}

async fn users(docker: &Docker, name: &str) -> Result<Vec<ContainerSummary>, KindError> {
    let filters = HashMap::from([("network", vec![name])]);
    let options = ListContainersOptionsBuilder::default().all(true).filters(&filters).build();
    let listed = docker.client.list_containers(Some(options)).await;
    listed.map_err(KindError::docker(format!("listing containers of the network {name}")))
}
