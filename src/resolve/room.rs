//! Whether there is room for what is to be made, before anything is.

use super::ResolveError;
use crate::{
    process::{DockerEnvironment, check_space, connect_docker},
    provider::ProviderName,
};
use std::path::Path;

/// Bytes that the state of a sandbox needs at least: keys, journal, logs.
const STATE: u64 = 20 << 20;
/// Bytes below which a node removes pods as fast as they come.
const CLUSTER: u64 = 1 << 30;

/// MACHINE-06 if the state folder's disk is full.
pub fn check_state(home: &Path) -> Result<(), ResolveError> {
    Ok(check_space(home, STATE)?)
}

/// MACHINE-06 if Docker's disk is, where Docker is wanted and its disk is this machine's.
pub async fn check_docker(provider: ProviderName) -> Result<(), ResolveError> {
    if provider != ProviderName::Kind {
        return Ok(());
    }
    let Ok(docker) = connect_docker(&DockerEnvironment::from_env()).await else { return Ok(()) };
    match docker.facts().await.and_then(|facts| facts.folder).filter(|folder| folder.exists()) {
        Some(folder) => Ok(check_space(&folder, CLUSTER)?),
        None => Ok(()),
    }
}
