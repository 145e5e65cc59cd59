//! The provider of one sandbox, whichever it is.

use super::{
    ClusterFacts, ClusterSpec, Context, Embedded, Kind, KindFacts, KindObserved, Observed, ProviderError, kind_machine,
};
use crate::{cluster::Telling, process::DockerEnvironment};
use std::path::Path;

/// The provider of one sandbox.
#[derive(Debug, Clone)]
pub enum Provider {
    /// A background process of ours.
    Embedded(Embedded),
    /// A kind cluster of ours.
    Kind(Kind),
    /// A cluster of the user's.
    Context(Context),
}

impl Provider {
    /// The provider that brings a cluster about.
    ///
    /// # Errors
    /// The machine lacks what it needs.
    pub async fn of(spec: &ClusterSpec, home: &Path, sandbox: &str) -> Result<Self, ProviderError> {
        match spec {
            ClusterSpec::Embedded(_) => Ok(Self::Embedded(Embedded::new(home.to_owned()))),
            ClusterSpec::Kind(_) => Self::kind(home, sandbox).await,
            ClusterSpec::Context(_) => Ok(Self::Context(Context::new(home.to_owned(), sandbox))),
        }
    }

    /// The provider that a sandbox's state speaks of; `None`: of none.
    ///
    /// # Errors
    /// The machine lacks what that provider needs.
    pub async fn in_state(home: &Path, sandbox: &str) -> Result<Option<Self>, ProviderError> {
        if home.join("kind.json").exists() {
            return Self::kind(home, sandbox).await.map(Some);
        }
        if Context::is_in(home) {
            return Ok(Some(Self::Context(Context::new(home.to_owned(), sandbox))));
        }
        Ok(home.exists().then(|| Self::Embedded(Embedded::new(home.to_owned()))))
    }

    async fn kind(home: &Path, sandbox: &str) -> Result<Self, ProviderError> {
        let machine = kind_machine(&DockerEnvironment::from_env()).await;
        let machine = machine
            .map_err(|refusal| ProviderError::Unusable { provider: refusal.provider, reason: refusal.reason })?;
        Ok(Self::Kind(Kind::new(home.to_owned(), sandbox, machine)))
    }

    /// Brings the cluster about. Returns the facts, and whether anything had to be done.
    ///
    /// # Errors
    /// It cannot be brought about, or is not ours.
    pub async fn ensure(
        &self,
        spec: &ClusterSpec,
        telling: Telling<'_>,
    ) -> Result<(ClusterFacts, bool), ProviderError> {
        match (self, spec) {
            (Self::Embedded(embedded), ClusterSpec::Embedded(spec)) => embedded.ensure(spec).await,
            (Self::Kind(kind), ClusterSpec::Kind(spec)) => {
                let (facts, changed) = kind.ensure(spec, telling).await?;
                Ok((facts.into(), changed))
            }
            (Self::Context(context), ClusterSpec::Context(spec)) => context.ensure(spec).await,
            _ => Err(ProviderError::Unusable {
                provider: spec.provider().to_string(),
                reason: "the sandbox has another provider".to_owned(),
            }),
        }
    }

    /// Waits until the cluster is whole, whose API may answer before. Returns whether there was anything to wait for.
    ///
    /// # Errors
    /// It does not become whole.
    pub async fn settle(&self, telling: Telling<'_>) -> Result<bool, ProviderError> {
        match self {
            Self::Embedded(_) | Self::Context(_) => Ok(false),
            Self::Kind(kind) => kind.settle(telling).await,
        }
    }

    /// The nodes that take images, as soon as it is certain that they stay: while the cluster boots. Never comes if
    /// [`Provider::ensure`], in this or a clone, fails before.
    pub async fn nodes_for_images(&self) -> Vec<String> {
        match self {
            Self::Embedded(_) => Vec::new(),
            Self::Kind(kind) => {
                kind.nodes_stay().await;
                kind.node_names()
            }
            Self::Context(context) => context.nodes(),
        }
    }

    /// The facts of a cluster that answers; `None`: there is none. Changes nothing.
    ///
    /// # Errors
    /// It cannot be looked at.
    pub async fn observe(&self) -> Result<Option<ClusterFacts>, ProviderError> {
        Ok(match self {
            Self::Embedded(embedded) => match embedded.observe().await {
                Observed::Serving(_, facts) => Some(*facts),
                Observed::Absent | Observed::Silent(_) => None,
            },
            Self::Kind(kind) => match kind.observe().await? {
                KindObserved::Running(facts) => Some(facts.into()),
                _ => None,
            },
            Self::Context(context) => context.observe().await,
        })
    }

    /// Takes the cluster away; one of the user's is only forgotten, and what is ours in it has to be gone before. Returns
    /// whether there was anything.
    ///
    /// # Errors
    /// It is not ours, or does not go.
    pub async fn remove(&self) -> Result<bool, ProviderError> {
        match self {
            Self::Embedded(embedded) => embedded.remove().await,
            Self::Kind(kind) => kind.remove().await,
            Self::Context(context) => context.forget(),
        }
    }
}

impl From<KindFacts> for ClusterFacts {
    fn from(facts: KindFacts) -> Self {
        let host = facts.host_target();
        let KindFacts { kubeconfig, api, ports, nodes, .. } = facts;
        Self { kubeconfig, api, ports, nodes, host, background: None, shared: None }
    }
}
