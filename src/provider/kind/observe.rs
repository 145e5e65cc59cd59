//! Looking whether the cluster is there, whose it is and how it is; changes nothing.

use super::{
    Kind, KindFacts, marker,
    nodes::{Node, nodes_of},
    standing::{Marker, Standing, judge},
    state::{Phase, Record},
};
use crate::{
    cluster::{Cluster, Writes},
    provider::ProviderError,
};
use serde_json::Value;
use std::{path::Path, time::Duration};

/// Time for the API to answer before it counts as silent.
const ANSWER: Duration = Duration::from_secs(3);

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KindObserved {
    /// No cluster of that name.
    Absent,
    /// One that is not ours, and why not.
    Foreign(String),
    /// One of ours that cannot be used as it is, and why not.
    Broken(String),
    /// One of ours that answers.
    Running(KindFacts),
}

pub(super) struct Sight {
    pub record: Option<Record>,
    pub nodes: Vec<Node>,
    pub standing: Standing,
}

impl Kind {
    /// Looks; changes nothing.
    pub async fn observe(&self) -> Result<KindObserved, ProviderError> {
        let sight = self.look().await?;
        Ok(match sight.standing {
            Standing::Absent => KindObserved::Absent,
            Standing::Foreign(why) => KindObserved::Foreign(why),
            Standing::HalfMade(why) => KindObserved::Broken(why),
            Standing::Stopped => KindObserved::Broken("its containers do not run".to_owned()),
            Standing::Silent => KindObserved::Broken("its API does not answer".to_owned()),
            Standing::Unmarked => KindObserved::Broken("it was not marked as ours yet".to_owned()),
            Standing::Whole => KindObserved::Running(self.facts(&sight.nodes)),
        })
    }

    pub(super) async fn look(&self) -> Result<Sight, ProviderError> {
        let nodes = nodes_of(&self.machine.docker, &self.cluster).await?;
        let record = Record::read(&self.home);
        let has_kubeconfig = match record.as_ref().map(|record| &record.phase) {
            Some(Phase::Begun { .. }) => self.api_in(&self.kinds_own_kubeconfig()).is_some(),
            _ => self.api().is_some(),
        };
        let marker = match nodes.iter().all(|node| node.running) && has_kubeconfig && !nodes.is_empty() {
            true => tokio::time::timeout(ANSWER, self.marker()).await.unwrap_or(Marker::Unknown),
            false => Marker::Unknown,
        };
        let standing = judge(record.as_ref(), &nodes, &marker, has_kubeconfig);
        Ok(Sight { record, nodes, standing })
    }

    async fn marker(&self) -> Marker {
        match self.connect_in_any_way().await {
            Ok(cluster) => marker::look(&cluster).await,
            Err(_) => Marker::Unknown,
        }
    }

    pub(super) async fn connect(&self) -> Result<Cluster, ProviderError> {
        Ok(Cluster::from_kubeconfig(&self.kubeconfig(), Writes::default()).await?)
    }

    /// URL of the API, if our kubeconfig leads to this cluster.
    pub(super) fn api(&self) -> Option<String> {
        self.api_in(&self.kubeconfig())
    }

    fn api_in(&self, kubeconfig: &Path) -> Option<String> {
        let text = std::fs::read_to_string(kubeconfig).ok()?;
        let file: Value = serde_yaml::from_str(&text).ok()?;
        let name = format!("kind-{}", self.cluster);
        let clusters = file.get("clusters")?.as_array()?;
        let entry = clusters.iter().find(|entry| entry.get("name").and_then(Value::as_str) == Some(&name))?;
        entry.pointer("/cluster/server")?.as_str().map(str::to_owned)
    }

    pub(super) fn facts(&self, nodes: &[Node]) -> KindFacts {
        // Where Docker runs in a virtual machine, its resolver knows the name; Docker Desktop for Linux has this socket.
        let in_machine =
            !cfg!(target_os = "linux") || self.machine.docker.address.to_string().contains("/.docker/desktop/");
        KindFacts {
            cluster: self.cluster.clone(),
            kubeconfig: self.kubeconfig(),
            api: self.api().unwrap_or_default(),
            nodes: nodes.iter().map(|node| node.name.clone()).collect(),
            ports: nodes.iter().flat_map(|node| node.ports.clone()).collect(),
            network: nodes.iter().find_map(|node| node.network.clone()).unwrap_or_default(),
            host_address: nodes.iter().find_map(|node| node.gateway),
            has_host_name: in_machine,
        }
    }
}
