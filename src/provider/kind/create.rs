//! Making a cluster with kind, and finishing one that kind has made.

use super::{
    Kind, KindError, KindFacts, KindSpec,
    boot::Boot,
    command::{Obstacle, Working, doing, obstacle, tail, why},
    config::config,
    marker, network,
    nodes::nodes_of,
    ports::{PortMapping, find_ports},
    state::{Phase, Record},
};
use crate::{cluster::Telling, provider::ProviderError};
use std::time::{Duration, Instant};

/// Time for kind where Docker has the node image.
const CREATE: Duration = Duration::from_secs(300);
/// Time beside that to download the node image.
const DOWNLOAD: Duration = Duration::from_secs(900);
/// How often is looked at what kind does.
const GLANCE: Duration = Duration::from_millis(100);
/// Time for the API of a cluster that was just made, or started again.
const COME_UP: Duration = Duration::from_secs(90);
/// Pause between two looks at the API.
const LOOK: Duration = Duration::from_millis(100);
/// How often other ports are tried.
const TRIES: u16 = 3;
/// How many ports are left out at each further try.
const FURTHER: u16 = 50;

/// What kind says when it runs kubeadm, in whose middle the API comes up. Source: kind 0.33
/// `pkg/cluster/internal/create/actions/kubeadminit/init.go`.
const BOOTING: &str = "Starting control-plane";

/// How far kind came.
enum Came {
    /// The API answers, and it is still at work.
    Up(Box<Boot>),
    /// The cluster is made.
    ToItsEnd,
    /// Something came in between; another try may help.
    Between,
}

/// What was seen of kind first.
enum Seen {
    /// The API answers.
    Answer,
    /// Its end; whether that was a good one.
    End(bool),
}

impl Kind {
    pub(super) async fn create(&self, spec: &KindSpec, telling: Telling<'_>) -> Result<KindFacts, ProviderError> {
        for attempt in 0..TRIES {
            let ports = find_ports(&spec.ports, attempt * FURTHER)?;
            match self.run_kind(spec, ports, telling).await? {
                Came::Up(boot) => return self.use_early(*boot).await,
                Came::ToItsEnd => {
                    self.nodes_stay.send_replace(true);
                    return self.finish(telling).await;
                }
                Came::Between => {}
            }
            telling("something came in between: trying again, with other ports".to_owned());
        }
        Err(self.create_failed(why(&tail(&self.log()))).into())
    }

    async fn run_kind(
        &self,
        spec: &KindSpec,
        ports: Vec<PortMapping>,
        telling: Telling<'_>,
    ) -> Result<Came, ProviderError> {
        Record::erase_kubeconfig(&self.home)?;
        // A cluster that is made anew finds its own network.
        let before = Record::read(&self.home);
        let had_the_network = before.as_ref().is_some_and(|before| before.network_is_ours);
        // JSON is YAML too.
        let config = config(&self.cluster, &spec.image, &ports).to_string();
        let mut record = Record {
            id: uuid::Uuid::new_v4().to_string(),
            began: jiff::Timestamp::now(),
            phase: Phase::Begun { kind: None },
            image: spec.image.clone(),
            ports,
            network_is_ours: had_the_network || network::would_be_ours(&self.machine.docker).await?,
        };
        // Before the first side effect, so that whatever comes of it is known to be ours.
        record.write(&self.home)?;
        let kubeconfig = self.kinds_own_kubeconfig();
        let kubeconfig = kubeconfig.to_string_lossy();
        let arguments = ["create", "cluster", "--name", &self.cluster, "--config", "-", "--kubeconfig", &kubeconfig];
        let mut kind = Working::start(&self.machine, &arguments, &self.log())?;
        record.phase = Phase::Begun { kind: kind.identity() };
        record.write(&self.home)?;
        // It does nothing before it has read this: a kind that is at work is one that is on record.
        kind.tell(&config).await;
        let deadline = if spec.image.id.is_some() { CREATE } else { CREATE + DOWNLOAD };
        let mut boot = Boot { kind, began: Instant::now(), deadline, told: String::new() };
        match self.watch(&mut boot, telling).await? {
            Seen::Answer => return Ok(Came::Up(Box::new(boot))),
            Seen::End(true) => return Ok(Came::ToItsEnd),
            Seen::End(false) => {}
        }
        let log = boot.kind.tail();
        let obstacle = obstacle(&log);
        let was_begun = before.is_some_and(|before| matches!(before.phase, Phase::Begun { .. }));
        if obstacle == Some(Obstacle::Containers) && !was_begun {
            return Err(self.not_ours("it appeared when kind was about to make one").into());
        }
        // kind removes what it made when it fails. What is there still came from an interrupted run, whose `docker run`
        // went on without it.
        self.remove_nodes(&nodes_of(&self.machine.docker, &self.cluster).await?).await?;
        if obstacle.is_some() { Ok(Came::Between) } else { Err(self.create_failed(why(&log)).into()) }
    }

    /// Watches kind until the API answers or it ends.
    async fn watch(&self, boot: &mut Boot, telling: Telling<'_>) -> Result<Seen, KindError> {
        loop {
            if let Some(well) = self.glance(boot, telling).await? {
                return Ok(Seen::End(well));
            }
            if boot.told == BOOTING {
                self.nodes_stay.send_replace(true);
                if self.answers_early().await {
                    return Ok(Seen::Answer);
                }
            }
        }
    }

    /// Watches kind until it ends; whether that was a good end.
    pub(super) async fn watch_to_its_end(&self, boot: &mut Boot, telling: Telling<'_>) -> Result<bool, KindError> {
        loop {
            if let Some(well) = self.glance(boot, telling).await? {
                return Ok(well);
            }
        }
    }

    /// Waits a moment for the end of kind and tells what it does.
    async fn glance(&self, boot: &mut Boot, telling: Telling<'_>) -> Result<Option<bool>, KindError> {
        if let Ok(ended) = tokio::time::timeout(GLANCE, boot.kind.ended()).await {
            let failed = |source| KindError::Start { program: self.machine.kind.clone(), source };
            return ended.map(Some).map_err(failed);
        }
        let doing = doing(&boot.kind.tail()).unwrap_or_default();
        if doing != boot.told && !doing.is_empty() {
            telling(format!("kind: {doing}"));
            boot.told = doing;
        }
        if boot.began.elapsed() > boot.deadline {
            let (cluster, log, seconds) = (self.cluster.clone(), self.log(), boot.deadline.as_secs());
            return Err(KindError::CreateTimedOut { cluster, seconds, last: boot.told.clone(), log });
        }
        Ok(None)
    }

    /// Marks a cluster that kind has made as ours, once its API answers.
    pub(super) async fn finish(&self, telling: Telling<'_>) -> Result<KindFacts, ProviderError> {
        self.take_over_kubeconfig()?;
        if !self.await_api(COME_UP, telling).await {
            return Err(self.silent("kind had made it").into());
        }
        let nodes = nodes_of(&self.machine.docker, &self.cluster).await?;
        let Some(mut record) = Record::read(&self.home) else {
            return Err(self.create_failed("its record is gone".to_owned()).into());
        };
        marker::write(&self.connect().await?, &self.sandbox, &record).await?;
        record.phase = Phase::Made { nodes: nodes.iter().map(|node| node.id.clone()).collect() };
        record.write(&self.home)?;
        Ok(self.facts(&nodes))
    }

    /// Waits for the API; whether it came.
    pub(super) async fn await_api(&self, deadline: Duration, telling: Telling<'_>) -> bool {
        let answers = async {
            let mut told = false;
            loop {
                if let Ok(cluster) = self.connect().await
                    && cluster.is_ready().await
                {
                    return;
                }
                if !told {
                    telling(format!("the API of cluster {} does not answer yet", self.cluster));
                    told = true;
                }
                tokio::time::sleep(LOOK).await;
            }
        };
        tokio::time::timeout(deadline, answers).await.is_ok()
    }

    pub(super) fn create_failed(&self, why: String) -> KindError {
        KindError::Create { cluster: self.cluster.clone(), why, log: self.log() }
    }

    pub(super) fn silent(&self, last: &str) -> KindError {
        KindError::Silent { cluster: self.cluster.clone(), last: last.to_owned() }
    }
}
