//! Bringing the cluster about: made, finished, started again or made anew, whatever was found.

use super::{
    KindError, KindFacts, KindMachine, NodeImage, NodeImageSource, NodeImageWish, PortWish,
    boot::Boot,
    network::PREFIX,
    node_image::{choose_node_image, local_node_images},
    nodes::{Node, nodes_of},
    observe::Sight,
    ports::ports_fit,
    standing::Standing,
    state::{Phase, Record},
};
use crate::{cluster::Telling, process::ProcessIdentity, provider::ProviderError};
use bollard::query_parameters::{RestartContainerOptions, StartContainerOptions};
use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::{Mutex, watch};

/// Time for a kind of an earlier run to finish.
const EARLIER: Duration = Duration::from_secs(300);
/// How often is looked at it.
const GLANCE: Duration = Duration::from_millis(200);
/// Time for an API that was up before, before its node is started again.
const PATIENCE: Duration = Duration::from_secs(25);
/// Time for the API of a node that was started again.
const COME_BACK: Duration = Duration::from_secs(90);

/// The kind provider of one sandbox.
#[derive(Debug, Clone)]
pub struct Kind {
    pub(super) home: PathBuf,
    pub(super) sandbox: String,
    pub(super) cluster: String,
    pub(super) machine: Arc<KindMachine>,
    pub(super) nodes_stay: Arc<watch::Sender<bool>>,
    pub(super) boot: Arc<Mutex<Option<Boot>>>,
}

/// The kind cluster that is wanted.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct KindSpec {
    /// What its node is made of.
    pub image: NodeImage,
    /// Node ports that must be reachable from this machine.
    pub ports: Vec<PortWish>,
}

impl Kind {
    /// The provider with the sandbox's state directory. The cluster is named `agw-SANDBOX`.
    pub fn new(home: PathBuf, sandbox: &str, machine: KindMachine) -> Self {
        Self {
            home,
            sandbox: sandbox.to_owned(),
            cluster: format!("{PREFIX}{sandbox}"),
            machine: Arc::new(machine),
            nodes_stay: Arc::default(),
            boot: Arc::default(),
        }
    }

    /// Name of the cluster.
    pub fn cluster_name(&self) -> &str {
        &self.cluster
    }

    /// Names that the node containers have, or will have.
    pub fn node_names(&self) -> Vec<String> {
        vec![format!("{}-control-plane", self.cluster)]
    }

    /// Waits until [`Kind::ensure`], in this or a clone, has removed what cannot be used: nodes that are there now stay. Those
    /// that kind makes may be given images once it starts the control plane, which leaves a core idle; before that they unpack
    /// images of their own, and more of them would make them slower. Never comes if `ensure` fails before.
    pub async fn nodes_stay(&self) {
        // It cannot fail while this instance holds the sender.
        let _ = self.nodes_stay.subscribe().wait_for(|stay| *stay).await;
    }

    /// The sandbox's own kubeconfig.
    pub fn kubeconfig(&self) -> PathBuf {
        self.home.join("kubeconfig")
    }

    /// What kind said when it made the cluster.
    pub fn log(&self) -> PathBuf {
        self.home.join("kind.log")
    }

    /// Chooses the node image: what the user names, else what the cluster is made of already, else the newest that
    /// Docker has, else the newest that is known by digest.
    pub async fn choose_image(&self, wish: &NodeImageWish) -> Result<NodeImage, ProviderError> {
        let made = Record::read(&self.home).filter(|record| matches!(record.phase, Phase::Made { .. }));
        if let Some(current) = made.map(|record| record.image).filter(|image| wish.is_met_by(image)) {
            return Ok(current);
        }
        let docker = &self.machine.docker;
        let (local, cgroup) = tokio::join!(local_node_images(docker), docker.cgroup());
        Ok(choose_node_image(wish, &local?, cgroup.as_deref() == Some("1"))?)
    }

    /// Brings the cluster about and waits until its API answers; kind may be at work on it longer, until [`Kind::settle`].
    /// Returns the facts, and whether anything was changed.
    /// A cluster of ours that cannot be mended, or whose image or ports cannot be changed to what is wanted, is made
    /// anew. PROVIDER-14: there is one of that name that is not ours.
    pub async fn ensure(&self, spec: &KindSpec, telling: Telling<'_>) -> Result<(KindFacts, bool), ProviderError> {
        self.await_earlier_run(telling).await;
        let sight = self.look().await?;
        let made_anew = |why: String| async move {
            telling(format!("{why}: cluster {} is made anew", self.cluster));
            self.take_away(&nodes_of(&self.machine.docker, &self.cluster).await?).await?;
            Ok((self.create(spec, telling).await?, true))
        };
        match &sight.standing {
            Standing::Foreign(why) => Err(self.not_ours(why).into()),
            Standing::Absent => Ok((self.create(spec, telling).await?, true)),
            Standing::HalfMade(why) => made_anew(why.clone()).await,
            _ if let Some(why) = unfit(&sight, spec) => made_anew(why).await,
            Standing::Whole if is_recorded(&sight) => {
                self.nodes_stay.send_replace(true);
                Ok((self.facts(&sight.nodes), false))
            }
            Standing::Whole | Standing::Unmarked => {
                self.nodes_stay.send_replace(true);
                Ok((self.finish(telling).await?, true))
            }
            Standing::Stopped | Standing::Silent => match self.revive(&sight, telling).await? {
                Some(facts) => Ok((facts, true)),
                None => made_anew("its API does not come back".to_owned()).await,
            },
        }
    }

    /// Lets a kind finish whose agw-sandbox was killed: what it makes can be used.
    async fn await_earlier_run(&self, telling: Telling<'_>) {
        let Some(record) = Record::read(&self.home) else { return };
        let Some(kind) = record.still_at_work() else { return };
        telling(format!("kind of an earlier run (process {}) is still at work", kind.pid));
        if !ended_within(kind, EARLIER).await {
            // It is judged by what is there; what it made so far is half made.
            let _ = crate::process::end_process(kind, Duration::from_secs(2)).await;
        }
    }

    /// Starts node containers that do not run, or those of an API that stays silent. `None`: it did not help.
    async fn revive(&self, sight: &Sight, telling: Telling<'_>) -> Result<Option<KindFacts>, ProviderError> {
        let stopped: Vec<&Node> = sight.nodes.iter().filter(|node| !node.running).collect();
        if stopped.is_empty() {
            if self.await_api(PATIENCE, telling).await {
                return self.mended(telling).await.map(Some);
            }
            telling("its API stays silent: starting its node again".to_owned());
            for node in &sight.nodes {
                let restarted = self.machine.docker.client.restart_container(&node.id, None::<RestartContainerOptions>);
                restarted.await.map_err(KindError::docker(format!("starting {} again", node.name)))?;
            }
        }
        for node in stopped {
            telling(format!("starting {}, which was stopped", node.name));
            let docker = &self.machine.docker.client;
            let started = match node.paused {
                true => docker.unpause_container(&node.id).await,
                false => docker.start_container(&node.id, None::<StartContainerOptions>).await,
            };
            started.map_err(KindError::docker(format!("starting {}", node.name)))?;
        }
        match self.await_api(COME_BACK, telling).await {
            true => self.mended(telling).await.map(Some),
            false => Ok(None),
        }
    }

    /// Whose it is could not be asked while its API was silent; now it can.
    async fn mended(&self, telling: Telling<'_>) -> Result<KindFacts, ProviderError> {
        let sight = self.look().await?;
        self.nodes_stay.send_replace(!matches!(sight.standing, Standing::Foreign(_)));
        match &sight.standing {
            Standing::Foreign(why) => Err(self.not_ours(why).into()),
            Standing::Whole if is_recorded(&sight) => Ok(self.facts(&sight.nodes)),
            Standing::Whole | Standing::Unmarked => self.finish(telling).await,
            _ => Err(self.silent("its node was started again").into()),
        }
    }

    pub(super) fn not_ours(&self, why: &str) -> KindError {
        KindError::NotOurs { cluster: self.cluster.clone(), why: why.to_owned() }
    }
}

fn is_recorded(sight: &Sight) -> bool {
    sight.record.as_ref().is_some_and(|record| matches!(record.phase, Phase::Made { .. }))
}

/// Why a cluster cannot become what is wanted: image and ports are fixed when it is made.
fn unfit(sight: &Sight, spec: &KindSpec) -> Option<String> {
    let record = sight.record.as_ref()?;
    let ports: Vec<_> = sight.nodes.iter().flat_map(|node| node.ports.clone()).collect();
    if !ports_fit(&spec.ports, &ports) {
        return Some("other ports are wanted".to_owned());
    }
    let minor = |image: &NodeImage| image.kubernetes.as_ref().map(|version| (version.major, version.minor));
    let fits = match spec.image.source {
        NodeImageSource::Named => spec.image.reference == record.image.reference,
        _ => minor(&spec.image) == minor(&record.image),
    };
    (!fits).then(|| format!("{} is wanted instead of {}", spec.image.reference, record.image.reference))
}

async fn ended_within(process: &ProcessIdentity, limit: Duration) -> bool {
    let began = Instant::now();
    while process.is_alive() {
        if began.elapsed() > limit {
            return false;
        }
        tokio::time::sleep(GLANCE).await;
    }
    true
}
