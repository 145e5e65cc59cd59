//! Looking whether the background process is there.

use super::{Embedded, Handshake};

use crate::provider::{ACCESS_LOG, Admin, Background, ClusterFacts, EmbeddedSpec};
use serde_json::Value;
use std::{path::Path, time::Duration};

/// Time for the answer of a process on this machine.
const ANSWER: Duration = Duration::from_secs(2);

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observed {
    /// No process of ours.
    Absent,
    /// A process of ours that does not answer.
    Silent(Handshake),
    /// A process of ours that answers.
    Serving(Handshake, Box<ClusterFacts>),
}

impl Embedded {
    /// Looks; changes nothing.
    pub async fn observe(&self) -> Observed {
        let Some(handshake) = Handshake::read(&self.home) else { return Observed::Absent };
        if !handshake.process.is_alive() {
            return Observed::Absent;
        }
        match self.facts_of(&handshake) {
            Some(facts) if answers(facts.background.as_ref()).await => Observed::Serving(handshake, Box::new(facts)),
            _ => Observed::Silent(handshake),
        }
    }

    pub(super) fn facts_of(&self, handshake: &Handshake) -> Option<ClusterFacts> {
        let kubeconfig = self.home.join("kubeconfig");
        let token = token_in(&kubeconfig)?;
        let admin = Admin { url: handshake.admin.clone(), token };
        let background = Some(Background {
            admin,
            pid: handshake.process.pid,
            stats: handshake.stats.clone(),
            access_log: self.home.join(ACCESS_LOG),
        });
        let api = handshake.api.clone();
        Some(ClusterFacts {
            kubeconfig,
            api,
            ports: Vec::new(),
            nodes: Vec::new(),
            host: None,
            background,
            shared: None,
        })
    }

    /// Whether a process serves what is wanted, in this version.
    pub(super) fn fits(&self, handshake: &Handshake, spec: &EmbeddedSpec) -> bool {
        let wanted = spec.serve_arguments(&self.home.to_string_lossy());
        handshake.arguments == wanted && handshake.version == env!("CARGO_PKG_VERSION")
    }
}

/// The bearer token of a kubeconfig's first user.
fn token_in(kubeconfig: &Path) -> Option<String> {
    let text = std::fs::read_to_string(kubeconfig).ok()?;
    let file: Value = serde_yaml::from_str(&text).ok()?;
    file.pointer("/users/0/user/token")?.as_str().map(str::to_owned)
}

/// Whether the admin port answers to our token.
async fn answers(background: Option<&Background>) -> bool {
    let Some(Background { admin, .. }) = background else { return false };
    let client = reqwest::Client::builder().no_proxy().timeout(ANSWER).tls_certs_only([]).build();
    let Ok(client) = client else { return false };
    let answer = client.get(format!("{}/healthz", admin.url)).bearer_auth(&admin.token).send().await;
    answer.is_ok_and(|answer| answer.status().is_success())
}
