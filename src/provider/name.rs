//! The providers by name, and which of them this machine can use.

use super::{kind_machine, orbstack};
use crate::{event::Refusal, process::DockerEnvironment};
use serde::{Deserialize, Serialize};

/// Where a cluster can come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProviderName {
    /// The Kubernetes of OrbStack.
    Orbstack,
    /// kind on Docker or Podman.
    Kind,
    /// A cluster that the user names.
    Context,
    /// The real proxy without a cluster.
    Standalone,
    /// A Kubernetes API in a process of our own.
    Embedded,
}

impl ProviderName {
    /// Those that `auto` tries, the best first.
    pub const BY_PREFERENCE: [Self; 3] = [Self::Orbstack, Self::Kind, Self::Embedded];

    /// The name that people type.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Orbstack => "orbstack",
            Self::Kind => "kind",
            Self::Context => "context",
            Self::Standalone => "standalone",
            Self::Embedded => "embedded",
        }
    }
}

impl std::fmt::Display for ProviderName {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Whether this machine can use a provider; if not, why.
pub async fn usable(provider: ProviderName) -> Result<(), Refusal> {
    let refused = |reason: String, id: &str| Refusal {
        provider: provider.to_string(),
        reason,
        id: (!id.is_empty()).then(|| id.to_owned()),
    };
    match provider {
        ProviderName::Embedded => Ok(()),
        // Which context is checked when its name is known.
        ProviderName::Context => Ok(()),
        ProviderName::Orbstack => orbstack::usable().await,
        ProviderName::Kind => kind_machine(&DockerEnvironment::from_env()).await.map(drop),
        _ => Err(refused(format!("this version does not drive {provider}"), "PROVIDER-02")),
    }
}
