//! The ways into a sandbox's cluster: to its gateway and to its mocks.

use super::ExecuteError;
use crate::{
    cluster::{Cluster, ObjectKey},
    exchange::MockAdmin,
    execute::HostMocks,
    plan::{MOCKS_ADMIN_NODE_PORT, MOCKS_NAMESPACE},
    provider::ClusterFacts,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;
use std::path::Path;

/// The URL that leads from here to a port of a Gateway's Service, to its first port where none is named. `None`: it has no
/// node port yet.
pub fn gateway_url(service: &Value, port: Option<u16>, facts: &ClusterFacts) -> Option<String> {
    let ports = service.pointer("/spec/ports")?.as_array()?;
    let entry = match port {
        Some(port) => ports.iter().find(|entry| entry["port"] == port)?,
        None => ports.first()?,
    };
    let node_port = u16::try_from(entry["nodePort"].as_u64()?).ok()?;
    let host_port = facts.host_port(node_port).unwrap_or(node_port);
    Some(format!("http://127.0.0.1:{host_port}"))
}

/// The admin API of the mocks: that of the background process, that of the mocks on this machine, or the one in the cluster
/// through its mapped port, with the token that its Secret holds.
pub async fn mock_admin(cluster: &Cluster, facts: &ClusterFacts, home: &Path) -> Result<MockAdmin, ExecuteError> {
    if let (None, Some(mocks)) = (&facts.background, HostMocks::recorded(home)) {
        return mocks.admin(home);
    }
    let failed = |why: String| ExecuteError::Mock { mock: "admin".to_owned(), why };
    let (url, token) = match &facts.background {
        Some(background) => (format!("{}/mocks", background.admin.url), background.admin.token.clone()),
        None => {
            let port = facts.host_port(MOCKS_ADMIN_NODE_PORT);
            let port = port.ok_or_else(|| failed("no port of this machine leads to them".to_owned()))?;
            let token = token_in(cluster).await?.ok_or_else(|| failed("their Secret has no token".to_owned()))?;
            (format!("http://127.0.0.1:{port}"), token)
        }
    };
    MockAdmin::new(&url, Some(token)).map_err(|error| failed(error.to_string()))
}

async fn token_in(cluster: &Cluster) -> Result<Option<String>, ExecuteError> {
    let key = ObjectKey::namespaced("v1", "Secret", MOCKS_NAMESPACE, "agw-mocks-admin");
    let Some(secret) = cluster.get(&key).await? else { return Ok(None) };
    let encoded = secret.pointer("/data/token").and_then(Value::as_str).unwrap_or_default();
    let decoded = STANDARD.decode(encoded).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    Ok(decoded.filter(|token| !token.is_empty()))
}
