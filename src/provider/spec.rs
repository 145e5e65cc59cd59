//! The cluster that is wanted.

use super::{ContextSpec, KindSpec, ProviderName};
use serde::Serialize;

/// The cluster that is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "provider", rename_all = "camelCase")]
pub enum ClusterSpec {
    /// A background process of ours.
    Embedded(EmbeddedSpec),
    /// Containers of ours.
    Kind(KindSpec),
    /// A cluster of the user's.
    Context(ContextSpec),
}

/// The background process that is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EmbeddedSpec {
    /// The release that the reference gateway plays, `1.4.1`.
    pub release: String,
    /// Listener ports that must have the same number on the host; others give way to the next free one.
    pub exact_ports: Vec<u16>,
}

impl ClusterSpec {
    /// Where it comes from.
    pub fn provider(&self) -> ProviderName {
        match self {
            Self::Embedded(_) => ProviderName::Embedded,
            Self::Kind(_) => ProviderName::Kind,
            Self::Context(spec) => spec.provider,
        }
    }

    /// What bringing it about means, on one line.
    pub fn about(&self) -> String {
        match self {
            Self::Embedded(spec) => format!(
                "an embedded Kubernetes API with the reference gateway {} and the mocks, in one background process",
                spec.release
            ),
            Self::Kind(spec) => format!("a kind cluster of {}", spec.image.about()),
            Self::Context(spec) => spec.about(),
        }
    }

    /// The commands that do the same by hand, with the state in `home`.
    pub fn by_hand(&self, sandbox: &str, home: &str) -> String {
        match self {
            Self::Embedded(spec) => spec.by_hand(home),
            Self::Kind(spec) => spec.by_hand(sandbox, home),
            Self::Context(spec) => spec.by_hand(home),
        }
    }
}

impl EmbeddedSpec {
    /// The arguments of the background process that serves it with its state in `home`.
    pub fn serve_arguments(&self, home: &str) -> Vec<String> {
        let mut arguments = vec!["serve".to_owned(), "--state".to_owned(), home.to_owned()];
        arguments.extend(["--release".to_owned(), self.release.clone()]);
        for port in &self.exact_ports {
            arguments.extend(["--exact-port".to_owned(), port.to_string()]);
        }
        arguments
    }

    fn by_hand(&self, home: &str) -> String {
        let arguments: Vec<String> =
            self.serve_arguments(home).iter().map(|argument| format!("\"{argument}\"")).collect();
        format!(
            "mkdir -p \"{home}\"\nagw-sandbox {} > \"{home}/serve.log\" 2>&1 &\nuntil [ -e \"{home}/serve.json\" ]; do sleep 0.1; done",
            arguments.join(" ")
        )
    }
}

impl KindSpec {
    fn by_hand(&self, sandbox: &str, home: &str) -> String {
        let mut text =
            format!("mkdir -p \"{home}\"\nkind create cluster --name agw-{sandbox} --image {}", self.image.reference);
        text += &format!(" --kubeconfig \"{home}/kubeconfig\" --config - <<'YAML'\n");
        text +=
            "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes:\n- role: control-plane\n  extraPortMappings:\n";
        for port in &self.ports {
            let (node_port, host) = (port.node_port, port.host.preferred());
            text += &format!("  - {{containerPort: {node_port}, hostPort: {host}, listenAddress: 127.0.0.1}}\n");
        }
        text + "YAML"
    }
}
