//! The configuration that kind gets.

use super::{NodeImage, PortMapping};
use serde_json::{Value, json};

/// The cluster in kind's own words: one node, everything on loopback.
pub(super) fn config(cluster: &str, image: &NodeImage, ports: &[PortMapping]) -> Value {
    let mappings: Vec<Value> = ports
        .iter()
        .map(|port| {
            json!({
                "containerPort": port.node_port,
                "hostPort": port.host_port,
                "listenAddress": "127.0.0.1",
                "protocol": "TCP",
            })
        })
        .collect();
    json!({
        "kind": "Cluster",
        "apiVersion": "kind.x-k8s.io/v1alpha4",
        "name": cluster,
        // Search domains of this machine would be asked for every name in a pod.
        "networking": {"ipFamily": "ipv4", "apiServerAddress": "127.0.0.1", "dnsSearch": []},
        "nodes": [{"role": "control-plane", "image": image.reference, "extraPortMappings": mappings}],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::kind::NodeImageSource;

    #[test]
    fn everything_listens_on_loopback() {
        let image = NodeImage {
            reference: "kindest/node:v1.34.4".to_owned(),
            id: None,
            kubernetes: None,
            source: NodeImageSource::Local,
        };
        let config = config("agw-a", &image, &[PortMapping { node_port: 30080, host_port: 8080 }]);
        assert_eq!(config["networking"]["apiServerAddress"], "127.0.0.1");
        assert_eq!(config["nodes"][0]["image"], "kindest/node:v1.34.4");
        let mapping =
            json!({"containerPort": 30080, "hostPort": 8080, "listenAddress": "127.0.0.1", "protocol": "TCP"});
        assert_eq!(config["nodes"][0]["extraPortMappings"], json!([mapping]));
    }
}
