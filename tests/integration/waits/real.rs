//! Pods that cannot run on a real cluster: how soon the wait ends, and with what. Only where `AGW_REAL=1`.

use crate::support::is_real;
use agw_sandbox::cluster::{Cause, Cluster, ClusterError, ObjectKey, Stuck, Writes};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const NAME: &str = "windows-waits";
const NODE: &str = "windows-waits-control-plane";
const REGISTRY: &str = "windows-waits-registry";

fn docker(arguments: &[&str]) -> String {
    let output = Command::new("docker").args(arguments).output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A kind cluster and, on its node's loopback, an empty registry.
struct Stand {
    home: tempfile::TempDir,
    cluster: Cluster,
}

impl Drop for Stand {
    fn drop(&mut self) {
        docker(&["rm", "-f", "-v", REGISTRY, NODE]);
    }
}

impl Stand {
    async fn new() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let home = tempfile::tempdir().unwrap();
        docker(&["rm", "-f", "-v", REGISTRY, NODE]);
        let kubeconfig = home.path().join("kubeconfig");
        let made = Command::new("kind")
            .args(["create", "cluster", "--name", NAME, "--image", "kindest/node:v1.34.4", "--wait", "60s"])
            .arg("--kubeconfig")
            .arg(&kubeconfig)
            .stderr(Stdio::null())
            .status();
        assert!(made.unwrap().success());
        docker(&["run", "--detach", "--name", REGISTRY, "--network", &format!("container:{NODE}"), "registry:2"]);
        let cluster = Cluster::from_kubeconfig(&kubeconfig, Writes::default()).await.unwrap();
        Self { home, cluster }
    }

    fn kubectl(&self, arguments: &[&str]) {
        let kubeconfig = self.home.path().join("kubeconfig");
        let done = Command::new("kubectl").arg("--kubeconfig").arg(kubeconfig).args(arguments).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    fn apply(&self, text: &str) {
        let file = self.home.path().join("object.yaml");
        std::fs::write(&file, text).unwrap();
        self.kubectl(&["apply", "-f", file.to_str().unwrap()]);
    }

    /// Applies a Deployment and waits for it until it is given up.
    async fn given_up(&self, namespace: &str, name: &str, container: &Value) -> (Box<Stuck>, Duration) {
        let mut container = container.clone();
        container["name"] = json!("c");
        // Without a probe a container is ready as soon as it runs, however shortly.
        container["readinessProbe"] = json!({"tcpSocket": {"port": 1}});
        let labels = json!({"app": name});
        let deployment = json!({
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": name, "namespace": namespace},
            "spec": {"replicas": 1, "selector": {"matchLabels": labels},
                     "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}}},
        });
        self.cluster.bring(&deployment).await.unwrap();
        let (began, key) = (Instant::now(), ObjectKey::namespaced("apps/v1", "Deployment", namespace, name));
        let wait = self.cluster.wait_for(key).within(Duration::from_secs(180)).retrying();
        let ClusterError::Stuck(stuck) = wait.until_ready().await.unwrap_err() else { panic!("{name} is not stuck") };
        println!(
            "{name} given up after {:.1} s\n{stuck}\n  cause       {}\n",
            began.elapsed().as_secs_f64(),
            stuck.cause
        );
        (stuck, began.elapsed())
    }
}

/// An image of the node itself, for containers that run.
fn coredns() -> String {
    let listed = docker(&["exec", NODE, "ctr", "-n", "k8s.io", "images", "ls", "-q"]);
    listed.lines().find(|image| image.contains("coredns:")).unwrap().to_owned()
}

#[tokio::test]
async fn pods_that_cannot_run_end_the_wait_long_before_its_deadline() {
    if !is_real() || !Path::new("/var/run/docker.sock").exists() {
        return;
    }
    let stand = Stand::new().await;
    let seconds = Duration::from_secs;

    let gone = json!({"image": "localhost:5000/controller:v1.4.9"});
    let (stuck, took) = stand.given_up("default", "gone", &gone).await;
    assert!(matches!(stuck.cause, Cause::ImageNotFound { .. }) && took < seconds(30), "{stuck:?}");
    assert!(!stuck.notes.events.is_empty());

    let image = coredns();
    let (stuck, took) = stand.given_up("default", "crashes", &json!({"image": image, "args": ["-nonsense"]})).await;
    assert!(matches!(stuck.cause, Cause::CrashLoop { .. }) && took < seconds(90), "{stuck:?}");
    assert!(stuck.notes.log.iter().any(|line| line.contains("pid file")), "its usage is its last word: {stuck:?}");

    let (stuck, took) = stand.given_up("default", "startless", &json!({"image": image, "command": ["/nope"]})).await;
    assert!(
        matches!(stuck.cause, Cause::CrashLoop { .. } | Cause::Misconfigured { .. }) && took < seconds(60),
        "{stuck:?}"
    );

    let secret = json!([{"name": "A", "valueFrom": {"secretKeyRef": {"name": "nope", "key": "k"}}}]);
    let (stuck, took) = stand.given_up("default", "lacks", &json!({"image": image, "env": secret})).await;
    assert!(matches!(stuck.cause, Cause::Misconfigured { .. }) && took < seconds(30), "{stuck:?}");

    let large = json!({"image": image, "resources": {"requests": {"memory": "900Gi"}}});
    let (stuck, took) = stand.given_up("default", "large", &large).await;
    assert!(matches!(stuck.cause, Cause::Unschedulable { .. }) && took < seconds(30), "{stuck:?}");

    stand.kubectl(&["create", "namespace", "full"]);
    stand.kubectl(&["create", "quota", "none", "--hard=pods=0", "-n", "full"]);
    let (stuck, took) = stand.given_up("full", "refused", &json!({"image": image})).await;
    assert!(matches!(&stuck.cause, Cause::Refused { why } if why.contains("exceeded quota")), "{stuck:?}");
    assert!(took < seconds(30), "{took:?}");

    stand.apply(POLICY);
    tokio::time::sleep(seconds(3)).await;
    let (stuck, took) = stand.given_up("default", "forbidden", &json!({"image": image})).await;
    assert!(matches!(&stuck.cause, Cause::Refused { why } if why.contains("not in this house")), "{stuck:?}");
    assert!(took < seconds(30), "{took:?}");
}

/// Refuses Pods of one app.
const POLICY: &str = r#"
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: windows}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
  validations:
    - expression: "!has(object.metadata.labels) || !('app' in object.metadata.labels) || object.metadata.labels['app'] != 'forbidden'"
      message: not in this house
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: windows}
spec: {policyName: windows, validationActions: [Deny]}
"#;
