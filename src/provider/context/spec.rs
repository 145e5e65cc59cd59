//! The cluster of the user's that is wanted.

use crate::provider::ProviderName;
use serde::Serialize;
use std::net::IpAddr;

/// The cluster of the user's that is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ContextSpec {
    /// Who says that it is there: `context`, or `orbstack`.
    #[serde(skip)]
    pub provider: ProviderName,
    /// The context's name in the user's kubeconfig.
    pub context: String,
    /// URL of the API that it led to when the plan was made.
    pub api: String,
    /// Node containers on this machine, which images can be given to; none where the cluster is elsewhere.
    pub nodes: Vec<String>,
    /// The address by which pods reach this machine, as the user gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host_address: Option<IpAddr>,
}

impl ContextSpec {
    /// What using it means, on one line.
    pub fn about(&self) -> String {
        format!(
            "the cluster of context {} ({}), which stays as it is but for what carries our label",
            self.context, self.api
        )
    }

    /// The commands that do the same by hand.
    pub fn by_hand(&self, home: &str) -> String {
        format!(
            "mkdir -p \"{home}\"\nkubectl config view --raw --minify --flatten --context {} > \"{home}/kubeconfig\"",
            self.context
        )
    }
}
