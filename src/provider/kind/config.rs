//! The configuration that kind gets.

use super::{NodeImage, PortMapping};
use serde_json::{Value, json};

/// How many requests a second the controller manager makes, and how many at once. With the 20 and 30 that it has by default it
/// spends five seconds on the accounts of its own controllers, before it makes the first pod.
/// Source: kube-controller-manager's flags `--kube-api-qps` and `--kube-api-burst`; measured with Kubernetes 1.34.
const CONTROLLER_MANAGER_REQUESTS: (&str, &str) = ("200", "400");
/// How soon kube-proxy brings a Service in front of a new pod; it waits a second by default.
/// Source: `KubeProxyIPTablesConfiguration` of `kubeproxy.config.k8s.io/v1alpha1`.
const SERVICES_FOLLOW: &str = "100ms";

/// The cluster in kind's own words: one node, everything on loopback, and no patience that a small cluster has no need of.
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
        "kubeadmConfigPatches": [control_plane().to_string(), kube_proxy().to_string()],
    })
}

/// In the form that kind takes for every version of kubeadm's configuration: without one. Where there is one of each, an
/// election only makes them late: they ask for the lease every two seconds, and the API was not there yet when they asked first.
/// Source: kind `pkg/internal/patch/kubeadm_merge.go`, Kubernetes `client-go/tools/leaderelection`.
///
/// etcd does not wait for the disk with each of its writes: they outlive its own end, the node's and Docker's, but not a
/// machine that loses its power, and a sandbox that was lost so is made anew. Source: etcd's flag `--unsafe-no-fsync`.
fn control_plane() -> Value {
    let (requests, burst) = CONTROLLER_MANAGER_REQUESTS;
    json!({
        "kind": "ClusterConfiguration",
        "etcd": {"local": {"extraArgs": {"unsafe-no-fsync": "true"}}},
        "controllerManager": {
            "extraArgs": {"kube-api-qps": requests, "kube-api-burst": burst, "leader-elect": "false"},
        },
        "scheduler": {"extraArgs": {"leader-elect": "false"}},
    })
}

fn kube_proxy() -> Value {
    json!({
        "kind": "KubeProxyConfiguration",
        "iptables": {"minSyncPeriod": SERVICES_FOLLOW},
        "nftables": {"minSyncPeriod": SERVICES_FOLLOW},
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

    #[test]
    fn patches_name_no_version_of_kubeadms_configuration() {
        let patches = [control_plane(), kube_proxy()];
        assert!(patches.iter().all(|patch| patch["kind"].is_string() && patch.get("apiVersion").is_none()));
    }
}
