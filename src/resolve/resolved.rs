//! Every choice made. Ports and host addresses belong to a machine, not to a choice: steps observe them.

use super::{ReleaseParts, SharedChoice};
use crate::canonical::{GatewaySpec, Wiring};
use crate::profile::MocksAt;
use crate::provider::{NodeImage, ProviderName};
use serde::Serialize;

/// Every choice made; what a lock file holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Resolved {
    /// Name of the sandbox.
    pub sandbox: String,
    /// Name of the profile.
    pub profile: String,
    /// Where the cluster comes from.
    pub provider: ProviderName,
    /// What a kind cluster is made of, where one is wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<KindChoice>,
    /// What a cluster of the user's is used with, where one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared: Option<SharedChoice>,
    /// The release line, `agentgateway-1.4`.
    pub line: String,
    /// The exact release, `1.4.1`.
    pub release: String,
    /// What the release consists of, where its own charts are installed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parts: Option<ReleaseParts>,
    /// The built-in resource definitions, where the reference gateway plays the release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definitions: Option<Definitions>,
    /// The Gateway.
    pub gateway: GatewaySpec,
    /// Listener ports that were asked for in so many words.
    pub exact_ports: Vec<u16>,
    /// Where the mocks run.
    pub mocks: MocksAt,
    /// Backends, routes and policies.
    pub wiring: Wiring,
    /// Scenarios that prove the result.
    pub scenarios: Vec<String>,
}

impl Resolved {
    /// The image of our own executable, where pods run it.
    pub fn self_image(&self) -> Option<&str> {
        let kind = self.kind.as_ref().map(|kind| &kind.self_image);
        kind.or(self.shared.as_ref().map(|shared| &shared.self_image)).map(String::as_str)
    }
}

/// What a kind cluster is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KindChoice {
    /// Its node.
    pub node_image: NodeImage,
    /// The image of our own executable.
    pub self_image: String,
}

/// The resource definitions by their digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Definitions {
    /// `agentgateway-1.4`, or a folder.
    pub source: String,
    /// What people call them.
    pub about: String,
    /// Names of the definitions.
    pub names: Vec<String>,
    /// SHA-256 over all of them.
    pub sha256: String,
}
