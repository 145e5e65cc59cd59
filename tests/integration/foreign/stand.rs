//! A kind cluster that is not ours, whose API server writes an audit log.

use crate::{image::docker_says, support::Sandbox};
use serde_json::Value;
use std::{
    path::PathBuf,
    process::Command,
    time::{Duration, Instant},
};
use tempfile::TempDir;

const NAME: &str = "foreign";
const NODE: &str = "foreign-control-plane";
/// Who the cluster's kubeconfig speaks for.
pub const USER: &str = "kubernetes-admin";
/// So long nothing changes in a cluster at rest, which a new one is after so long at most.
const QUIET: Duration = Duration::from_secs(4);
const SETTLED: Duration = Duration::from_secs(90);
const AUDIT: &str = "apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- {level: Metadata, users: [kubernetes-admin]}
- {level: None}
";

/// The cluster. Dropping it takes it away.
pub struct Foreign {
    folder: TempDir,
}

impl Foreign {
    /// Makes it; the folder with the policy is seen by Docker under the same path.
    pub fn start() -> Self {
        let stand = Self { folder: tempfile::tempdir().unwrap() };
        let audit = stand.folder.path().join("audit");
        std::fs::create_dir(&audit).unwrap();
        std::fs::write(audit.join("policy.yaml"), AUDIT).unwrap();
        let config = stand.folder.path().join("kind.yaml");
        std::fs::write(&config, config_text(&audit.display().to_string())).unwrap();
        let (config, kubeconfig) = (config.display().to_string(), stand.kubeconfig().display().to_string());
        let made = Command::new("kind")
            .args(["create", "cluster", "--name", NAME, "--config", &config, "--kubeconfig", &kubeconfig])
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        stand.kubectl("wait node --all --for condition=Ready --timeout 90s");
        stand.settle();
        stand
    }

    /// Waits until the cluster's own controllers have made all that they make in a new cluster.
    fn settle(&self) {
        let began = Instant::now();
        let mut last = self.inventory();
        let mut since = Instant::now();
        while since.elapsed() < QUIET {
            assert!(began.elapsed() < SETTLED, "a new cluster does not come to rest");
            std::thread::sleep(Duration::from_millis(500));
            if !self.changes_since(&last).is_empty() {
                (last, since) = (self.inventory(), Instant::now());
            }
        }
    }

    /// The user's kubeconfig with the context `kind-foreign`.
    pub fn kubeconfig(&self) -> PathBuf {
        self.folder.path().join("kubeconfig")
    }

    /// What kubectl prints.
    #[track_caller]
    pub fn kubectl(&self, arguments: &str) -> String {
        let mut command = Command::new("kubectl");
        let output = command.args(arguments.split_whitespace()).env("KUBECONFIG", self.kubeconfig()).output().unwrap();
        assert!(output.status.success(), "kubectl {arguments}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Applies a text as its user would; the file lies beside the state of a sandbox.
    #[track_caller]
    pub fn apply(&self, home: &Sandbox, name: &str, text: &str) {
        self.kubectl(&format!("apply --server-side -f {}", home.file(name, text).display()));
    }

    /// The audit log so far.
    pub fn audit(&self) -> String {
        docker_says(&["exec", NODE, "cat", "/var/log/agw-audit/audit.log"]).1
    }

    /// Everything in the cluster that no controller of its own changes all the time, as `kind namespace/name`.
    pub fn inventory(&self) -> Vec<String> {
        const KINDS: &str = "namespaces,configmaps,secrets,services,deployments,serviceaccounts,roles,rolebindings,\
                             clusterroles,clusterrolebindings,customresourcedefinitions,validatingadmissionpolicies";
        let all: Value = serde_json::from_str(&self.kubectl(&format!("get {KINDS} -A -o json"))).unwrap();
        let text =
            |item: &Value, pointer: &str| item.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let line = |item: &Value| {
            format!("{} {}/{}", text(item, "/kind"), text(item, "/metadata/namespace"), text(item, "/metadata/name"))
        };
        let mut lines: Vec<String> = all["items"].as_array().unwrap().iter().map(line).collect();
        lines.sort();
        lines
    }

    /// What came, with a plus, and what went, with a minus, since an inventory.
    pub fn changes_since(&self, before: &[String]) -> Vec<String> {
        let now = self.inventory();
        let came = now.iter().filter(|line| !before.contains(line)).map(|line| format!("+ {line}"));
        let went = before.iter().filter(|line| !now.contains(line)).map(|line| format!("- {line}"));
        came.chain(went).collect()
    }
}

impl Drop for Foreign {
    fn drop(&mut self) {
        let kubeconfig = self.kubeconfig();
        let _ =
            Command::new("kind").args(["delete", "cluster", "--name", NAME, "--kubeconfig"]).arg(kubeconfig).output();
    }
}

fn config_text(audit: &str) -> String {
    format!(
        "kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
nodes:
- role: control-plane
  image: kindest/node:v1.34.4
  extraMounts:
  - {{hostPath: {audit}, containerPath: /etc/agw-audit, readOnly: true}}
  kubeadmConfigPatches:
  - |
    kind: ClusterConfiguration
    apiServer:
      extraArgs:
        audit-log-path: /var/log/agw-audit/audit.log
        audit-policy-file: /etc/agw-audit/policy.yaml
      extraVolumes:
      - {{name: audit-policy, hostPath: /etc/agw-audit, mountPath: /etc/agw-audit, readOnly: true, pathType: Directory}}
      - {{name: audit-log, hostPath: /var/log/agw-audit, mountPath: /var/log/agw-audit, readOnly: false, pathType: DirectoryOrCreate}}
"
    )
}
