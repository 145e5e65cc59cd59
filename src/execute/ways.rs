//! Where a port of a Service could be reached from this machine, the best first.

use crate::provider::ClusterFacts;
use serde_json::Value;

/// A way to a port of a Service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// It was made to lead there.
    Certain {
        /// Host.
        host: String,
        /// Port.
        port: u16,
    },
    /// It leads there unless somebody else is at that address.
    Likely {
        /// Host or address.
        host: String,
        /// Port.
        port: u16,
    },
}

impl Way {
    /// Ways that were made: a node port that is mapped to this machine, or any node port where the cluster is a process here.
    /// `None`: one will be made, and is not there yet.
    pub fn known(service: &Value, entry: &Value, facts: &ClusterFacts) -> Option<Vec<Self>> {
        let here = |port| Self::Certain { host: "127.0.0.1".to_owned(), port };
        let node_port = node_port(entry);
        if facts.background.is_some() {
            return Some(vec![here(node_port?)]);
        }
        let mapped = node_port.and_then(|node_port| facts.host_port(node_port));
        let waits = node_port.is_none() && service["spec"]["type"].as_str().is_some_and(|kind| kind != "ClusterIP");
        if waits {
            return None;
        }
        Some(mapped.map(here).into_iter().collect())
    }

    /// Ways that may be there: a load balancer's address, and a node's. The Service's own address is none of them, even where it
    /// is reached: in other networks strangers answer at it.
    pub fn looked_for(service: &Value, entry: &Value, nodes: &[Value]) -> Vec<Self> {
        let port = entry["port"].as_u64().and_then(|port| u16::try_from(port).ok());
        let balanced = service.pointer("/status/loadBalancer/ingress").and_then(Value::as_array);
        let balanced = balanced.into_iter().flatten().flat_map(|ingress| [&ingress["hostname"], &ingress["ip"]]);
        let mut ways: Vec<Self> = balanced.filter_map(|host| likely(host, port)).collect();
        let addresses = nodes.iter().filter_map(|node| node.pointer("/status/addresses")?.as_array()).flatten();
        let of_node = addresses.filter(|address| matches!(address["type"].as_str(), Some("InternalIP" | "ExternalIP")));
        ways.extend(of_node.filter_map(|address| likely(&address["address"], node_port(entry))).take(MOST_NODES));
        ways
    }
}

/// So many nodes are tried: any of them leads to every Service.
const MOST_NODES: usize = 2;

fn likely(host: &Value, port: Option<u16>) -> Option<Way> {
    let host = host.as_str().filter(|host| !host.is_empty() && *host != "None")?;
    Some(Way::Likely { host: host.to_owned(), port: port? })
}

fn node_port(entry: &Value) -> Option<u16> {
    entry["nodePort"].as_u64().and_then(|port| u16::try_from(port).ok()).filter(|port| *port != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::{PortMapping, Shared};
    use serde_json::json;

    fn facts(ports: Vec<PortMapping>) -> ClusterFacts {
        let owner = "me".to_owned();
        ClusterFacts {
            kubeconfig: "/k".into(),
            api: String::new(),
            ports,
            nodes: Vec::new(),
            host: None,
            background: None,
            shared: Some(Shared { owner, classes_before: Vec::new() }),
        }
    }

    fn likely(host: &str, port: u16) -> Way {
        Way::Likely { host: host.to_owned(), port }
    }

    #[test]
    fn the_best_way_comes_first() {
        let entry = json!({"port": 8080, "nodePort": 31000});
        let service = json!({
            "spec": {"type": "LoadBalancer", "clusterIP": "10.0.0.9"},
            "status": {"loadBalancer": {"ingress": [{"ip": "192.168.139.2"}]}},
        });
        let node = json!({"status": {"addresses": [{"type": "InternalIP", "address": "172.18.0.2"}, {"type": "Hostname", "address": "n"}]}});
        let mapped = facts(vec![PortMapping { node_port: 31000, host_port: 8081 }]);
        assert_eq!(
            Way::known(&service, &entry, &mapped).unwrap(),
            [Way::Certain { host: "127.0.0.1".to_owned(), port: 8081 }]
        );
        assert_eq!(Way::known(&service, &entry, &facts(Vec::new())), Some(Vec::new()));
        assert_eq!(
            Way::looked_for(&service, &entry, &[node]),
            [likely("192.168.139.2", 8080), likely("172.18.0.2", 31000)]
        );
    }

    #[test]
    fn a_service_without_a_node_port_is_waited_for_only_if_it_will_get_one() {
        let entry = json!({"port": 8080});
        let of = |kind: &str| json!({"spec": {"type": kind}});
        assert_eq!(Way::known(&of("LoadBalancer"), &entry, &facts(Vec::new())), None);
        assert_eq!(Way::known(&of("ClusterIP"), &entry, &facts(Vec::new())), Some(Vec::new()));
    }
}
