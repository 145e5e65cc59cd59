//! Using a cluster of the user's, after proof that it is the one that was agreed to.

use super::{
    Agreement, ContextEntry, ContextError, ContextSight, ContextSpec, SharedMarker,
    agreement::judge,
    look::look,
    marker,
    record::{Phase, Record},
};
use crate::{
    cluster::{Cluster, Writes},
    provider::{ClusterFacts, HostTarget, ProviderError, Shared},
};
use std::path::{Path, PathBuf};

/// The context provider of one sandbox; that of OrbStack too.
#[derive(Debug, Clone)]
pub struct Context {
    home: PathBuf,
    sandbox: String,
}

impl Context {
    /// The provider with the sandbox's state directory.
    pub fn new(home: PathBuf, sandbox: &str) -> Self {
        Self { home, sandbox: sandbox.to_owned() }
    }

    /// Whether a state directory speaks of a cluster of the user's.
    pub fn is_in(home: &Path) -> bool {
        Record::path(home).exists()
    }

    /// The context that a state directory speaks of.
    pub fn recorded(home: &Path) -> Option<String> {
        Record::read(home).map(|record| record.context)
    }

    /// Looks at the wanted cluster, and whether the user agreed to its being used. Changes nothing.
    ///
    /// # Errors
    /// There is no such context, it does not answer, another sandbox uses it (PROVIDER-33), or this sandbox is in another
    /// cluster (PROVIDER-35).
    pub async fn look(&self, spec: &ContextSpec) -> Result<(ContextSight, Agreement), ProviderError> {
        let entry = ContextEntry::find_for(spec.provider, &spec.context)?;
        let sight = look(&entry).await?;
        let record = Record::read(&self.home);
        let agreement = judge(record.as_ref(), &sight)?;
        if let (Some(record), Agreement::Missing(_)) = (&record, &agreement) {
            self.check_left(record, spec).await?;
        }
        Ok((sight, agreement))
    }

    /// A sandbox that is in one cluster cannot be brought up in another.
    async fn check_left(&self, record: &Record, spec: &ContextSpec) -> Result<(), ProviderError> {
        if record.phase == Phase::Agreed {
            return Ok(());
        }
        let before = ContextEntry::find_in(&self.kubeconfig(), &record.context);
        let Some(before) = before else { return Ok(()) };
        match look(&before).await {
            Ok(sight) if sight.cluster == record.cluster => {
                Err(ContextError::Elsewhere { there: record.context.clone(), wanted: spec.context.clone() }.into())
            }
            // It is not there any more.
            _ => Ok(()),
        }
    }

    /// The cluster that is wanted, by the user's own kubeconfig, with this sandbox's id on it.
    pub async fn connect(&self, spec: &ContextSpec) -> Result<Cluster, ProviderError> {
        let entry = ContextEntry::find_for(spec.provider, &spec.context)?;
        let cluster = Cluster::from_value(entry.kubeconfig(), Path::new("of the user")).await?;
        Ok(cluster.owned_by(self.id().or_else(|| Some("nobody yet".to_owned()))))
    }

    /// Notes that the user agreed. What was agreed to before is forgotten.
    pub fn agree(&self, spec: &ContextSpec, sight: &ContextSight) -> Result<(), ProviderError> {
        let record = Record {
            id: uuid::Uuid::new_v4().to_string(),
            provider: spec.provider,
            context: spec.context.clone(),
            api: sight.api.clone(),
            cluster: sight.cluster.clone(),
            agreed: jiff::Timestamp::now(),
            phase: Phase::Agreed,
            nodes: spec.nodes.clone(),
            classes: sight.classes.clone(),
        };
        Ok(record.write(&self.home)?)
    }

    /// Node containers of the cluster that was agreed to; none where it is elsewhere.
    pub fn nodes(&self) -> Vec<String> {
        Record::read(&self.home).map(|record| record.nodes).unwrap_or_default()
    }

    /// GatewayClasses that were there before this sandbox.
    pub fn classes_before(&self) -> Vec<String> {
        Record::read(&self.home).map(|record| record.classes).unwrap_or_default()
    }

    /// The id of this sandbox in the cluster that was agreed to.
    pub fn id(&self) -> Option<String> {
        Record::read(&self.home).map(|record| record.id)
    }

    /// Takes the cluster into use: proves that it is the one that was agreed to, writes the sandbox's own kubeconfig and the
    /// marker. Returns the facts, and whether anything was changed.
    ///
    /// # Errors
    /// PROVIDER-32 to PROVIDER-36, CLUSTER-06.
    pub async fn ensure(&self, spec: &ContextSpec) -> Result<(ClusterFacts, bool), ProviderError> {
        let (sight, agreement) = self.look(spec).await?;
        let not_agreed =
            |why: String| ContextError::NotAgreed { context: sight.context.clone(), api: sight.api.clone(), why };
        if let Agreement::Missing(why) = agreement {
            return Err(not_agreed(why).into());
        }
        let mut record = Record::read(&self.home).ok_or_else(|| not_agreed(String::new()))?;
        let mut changed = ContextEntry::find_for(spec.provider, &spec.context)?.write(&self.kubeconfig())?;
        if sight.marker == SharedMarker::Missing {
            let cluster = Cluster::from_kubeconfig(&self.kubeconfig(), Writes::default()).await?;
            if !marker::write(&cluster.owned_by(Some(record.id.clone())), &self.sandbox, &record).await? {
                // Somebody was quicker: the second look says who.
                self.look(spec).await?;
            }
            changed = true;
        }
        record.phase = Phase::Marked;
        (record.context, record.nodes) = (spec.context.clone(), spec.nodes.clone());
        record.write(&self.home)?;
        Ok((self.facts(&record, spec.host_address.map(HostTarget::Address)), changed))
    }

    /// The facts of a cluster that this sandbox is in; `None`: there is none, or it cannot be proved.
    pub async fn observe(&self) -> Option<ClusterFacts> {
        let record = Record::read(&self.home)?;
        self.proved(&record).await.ok()?;
        Some(self.facts(&record, None))
    }

    /// Proves twice that the sandbox is in the cluster, by the cluster's own id and by the marker in it, and notes that
    /// removal begins. `None`: nothing was ever written to it.
    ///
    /// # Errors
    /// PROVIDER-34: one of the two proofs is missing. PROVIDER-36: no answer.
    pub async fn begin_removal(&self) -> Result<Option<ClusterFacts>, ProviderError> {
        let Some(mut record) = Record::read(&self.home) else { return Ok(None) };
        if record.phase == Phase::Agreed && !self.kubeconfig().exists() {
            return Ok(None);
        }
        self.proved(&record).await?;
        record.phase = Phase::Leaving;
        record.write(&self.home)?;
        Ok(Some(self.facts(&record, None)))
    }

    /// Forgets the cluster. What is ours in it has to be gone before.
    pub fn forget(&self) -> Result<bool, ProviderError> {
        let was_there = Self::is_in(&self.home);
        Record::erase(&self.home)?;
        Ok(was_there)
    }

    async fn proved(&self, record: &Record) -> Result<(), ProviderError> {
        let (context, api) = (record.context.clone(), record.api.clone());
        let not_proved = |why: &str| {
            let (context, api, home) = (context.clone(), api.clone(), self.home.clone());
            ContextError::NotProved { context, api, why: why.to_owned(), home }
        };
        let entry = ContextEntry::find_in(&self.kubeconfig(), &record.context);
        let entry = entry.ok_or_else(|| not_proved("its kubeconfig in the state directory is gone"))?;
        let sight = look(&entry).await?;
        if sight.cluster != record.cluster {
            return Err(not_proved("another cluster answers at that address now").into());
        }
        match &sight.marker {
            SharedMarker::Of { id, .. } if *id == record.id => Ok(()),
            // The marker goes before the last of what is ours.
            SharedMarker::Missing if record.phase != Phase::Marked => Ok(()),
            SharedMarker::Missing => Err(not_proved("its marker, ConfigMap agw-sandbox/identity, is gone").into()),
            SharedMarker::Of { .. } => Err(not_proved("its marker carries another id").into()),
        }
    }

    fn kubeconfig(&self) -> PathBuf {
        self.home.join("kubeconfig")
    }

    fn facts(&self, record: &Record, host: Option<HostTarget>) -> ClusterFacts {
        ClusterFacts {
            kubeconfig: self.kubeconfig(),
            api: record.api.clone(),
            ports: Vec::new(),
            nodes: record.nodes.clone(),
            host,
            background: None,
            shared: Some(Shared { owner: record.id.clone(), classes_before: record.classes.clone() }),
        }
    }
}
