//! The pod behind a Service.

use super::ForwardTarget;
use crate::cluster::{Cluster, ClusterError, ObjectKey};
use serde_json::Value;

/// A port of a pod that serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Endpoint {
    /// Its name.
    pub pod: String,
    /// The port in it.
    pub port: u16,
}

/// Finds a ready pod behind a port of a Service; `None`: there is none now.
pub(super) async fn endpoint_of(cluster: &Cluster, to: &ForwardTarget) -> Result<Option<Endpoint>, ClusterError> {
    let key = ObjectKey::namespaced("v1", "Service", &to.namespace, &to.service);
    let Some(service) = cluster.get(&key).await? else { return Ok(None) };
    let slices = cluster.list_slices(&to.namespace, &to.service).await?;
    Ok(ready_endpoint(&service, &slices, to.port))
}

/// A slice names the ports of pods as the Service names its own.
fn ready_endpoint(service: &Value, slices: &[Value], port: u16) -> Option<Endpoint> {
    let ports = service.pointer("/spec/ports")?.as_array()?;
    let entry = ports.iter().find(|entry| entry["port"] == port)?;
    let name = |entry: &Value| entry["name"].as_str().unwrap_or_default().to_owned();
    slices.iter().find_map(|slice| {
        let target = slice["ports"].as_array()?.iter().find(|target| name(target) == name(entry))?;
        let port = target["port"].as_u64().and_then(|port| u16::try_from(port).ok())?;
        let ready = |endpoint: &&Value| {
            endpoint["conditions"]["ready"] != false
                && endpoint["conditions"]["terminating"] != true
                && endpoint["targetRef"]["kind"] == "Pod"
        };
        let pod = slice["endpoints"].as_array()?.iter().find(ready)?;
        Some(Endpoint { pod: pod["targetRef"]["name"].as_str()?.to_owned(), port })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_ready_pod_is_found_by_the_name_of_the_port() {
        let service = json!({"spec": {"ports": [{"name": "admin", "port": 9190}, {"name": "http", "port": 80}]}});
        let endpoint =
            |pod: &str, ready: bool| json!({"conditions": {"ready": ready}, "targetRef": {"kind": "Pod", "name": pod}});
        let slice = json!({
            "ports": [{"name": "http", "port": 8080}],
            "endpoints": [endpoint("starting", false), endpoint("serving", true)],
        });
        let found = ready_endpoint(&service, &[json!({"ports": [], "endpoints": []}), slice.clone()], 80).unwrap();
        assert_eq!(found, Endpoint { pod: "serving".to_owned(), port: 8080 });
        assert_eq!(ready_endpoint(&service, std::slice::from_ref(&slice), 9190), None);
        assert_eq!(ready_endpoint(&service, &[slice], 81), None);
    }
}
