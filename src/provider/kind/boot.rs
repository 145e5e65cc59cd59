//! A cluster that is used while kind is still at work on it: its API answers some seconds before kind is done.

use super::{
    Kind, KindError, KindFacts,
    command::{Working, why},
    marker,
    nodes::nodes_of,
    state::Record,
};
use crate::{
    cluster::{Cluster, ObjectKey, Telling},
    provider::ProviderError,
};
use serde_json::Value;
use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

/// Kubeconfigs inside a control-plane node, the one that works earlier first: it needs no binding, which kubeadm writes when the
/// API has answered for a while. Nodes before Kubernetes 1.29 have the second alone. Source: kubeadm's `constants.go`.
const ADMIN_CONFS: [&str; 2] = ["/etc/kubernetes/super-admin.conf", "/etc/kubernetes/admin.conf"];
/// Time for one look at an API that may not be there yet.
const ANSWER: Duration = Duration::from_secs(1);

/// kind at work. If it is dropped, kind is ended and the cluster stays half made.
pub(super) struct Boot {
    pub(super) kind: Working,
    pub(super) began: Instant,
    pub(super) deadline: Duration,
    pub(super) told: String,
}

impl std::fmt::Debug for Boot {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Boot").field("told", &self.told).finish_non_exhaustive()
    }
}

impl Kind {
    /// Waits until kind is done with a cluster whose API answers already. Returns whether there was anything to wait for.
    ///
    /// # Errors
    /// kind failed: it has taken the cluster away again.
    pub async fn settle(&self, telling: Telling<'_>) -> Result<bool, ProviderError> {
        let Some(mut boot) = self.boot.lock().await.take() else { return Ok(false) };
        if !self.watch_to_its_end(&mut boot, telling).await? {
            self.remove_nodes(&nodes_of(&self.machine.docker, &self.cluster).await?).await?;
            return Err(self.create_failed(why(&boot.kind.tail())).into());
        }
        self.finish(telling).await?;
        Ok(true)
    }

    /// Marks a cluster as ours as soon as its API takes writes, and leaves kind at work.
    pub(super) async fn use_early(&self, boot: Boot) -> Result<KindFacts, ProviderError> {
        let nodes = nodes_of(&self.machine.docker, &self.cluster).await?;
        let Some(record) = Record::read(&self.home) else {
            return Err(self.create_failed("its record is gone".to_owned()).into());
        };
        marker::write(&self.connect().await?, &self.sandbox, &record).await?;
        *self.boot.lock().await = Some(boot);
        Ok(self.facts(&nodes))
    }

    /// Whether the API takes our writes; then our kubeconfig leads to it.
    pub(super) async fn answers_early(&self) -> bool {
        let look = async {
            self.copy_kubeconfig().await?;
            let cluster = self.connect().await.ok()?;
            cluster.get(&system_namespace()).await.ok()?
        };
        tokio::time::timeout(ANSWER, look).await.is_ok_and(|found| found.is_some())
    }

    /// What kubeadm wrote for administrators, with the address and the names that kind will write.
    async fn copy_kubeconfig(&self) -> Option<()> {
        let docker = &self.machine.docker;
        let node = nodes_of(docker, &self.cluster).await.ok()?.into_iter().next()?;
        let [earlier, later] = ADMIN_CONFS;
        let text = match docker.read_file(&node.name, earlier).await {
            Some(text) => text,
            None => docker.read_file(&node.name, later).await?,
        };
        let config = seen_from_here(&String::from_utf8(text).ok()?, &self.cluster, node.api_port?)?;
        Record::write_file(&self.kubeconfig(), config.to_string().as_bytes()).ok()
    }

    /// The kubeconfig that kind writes when it is done, and that nobody else writes: the proof that it came to its end.
    pub(super) fn kinds_own_kubeconfig(&self) -> PathBuf {
        self.home.join("kubeconfig.kind")
    }

    /// Takes kind's own kubeconfig as ours, if there is one.
    pub(super) fn take_over_kubeconfig(&self) -> Result<(), KindError> {
        let (from, to) = (self.kinds_own_kubeconfig(), self.kubeconfig());
        match std::fs::read(&from) {
            Ok(text) => Record::write_file(&to, &text).map_err(|source| KindError::Record { path: to, source }),
            Err(_) => Ok(()),
        }
    }

    /// Connects in the way that there is.
    pub(super) async fn connect_in_any_way(&self) -> Result<Cluster, ProviderError> {
        let ours = self.kubeconfig();
        let path = if ours.exists() { ours } else { self.kinds_own_kubeconfig() };
        Ok(Cluster::from_kubeconfig(&path, Default::default()).await?)
    }
}

fn system_namespace() -> ObjectKey {
    ObjectKey { api_version: "v1".into(), kind: "Namespace".into(), namespace: None, name: "kube-system".into() }
}

/// A kubeconfig of a node, for this machine: the API on loopback, and everything named as kind names it.
fn seen_from_here(text: &str, cluster: &str, port: u16) -> Option<Value> {
    let mut config: Value = serde_yaml::from_str(text).ok()?;
    let name = Value::from(format!("kind-{cluster}"));
    *config.pointer_mut("/clusters/0/cluster/server")? = format!("https://127.0.0.1:{port}").into();
    for named in ["/clusters/0/name", "/contexts/0/name", "/contexts/0/context/cluster", "/current-context"] {
        *config.pointer_mut(named)? = name.clone();
    }
    for named in ["/contexts/0/context/user", "/users/0/name"] {
        *config.pointer_mut(named)? = name.clone();
    }
    config.pointer("/users/0/user/client-key-data")?;
    Some(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADMIN: &str = "apiVersion: v1\nkind: Config\nclusters:\n- cluster:\n    certificate-authority-data: Q0E=\n    \
        server: https://agw-a-control-plane:6443\n  name: agw-a\ncontexts:\n- context:\n    cluster: agw-a\n    \
        user: kubernetes-admin\n  name: kubernetes-admin@agw-a\ncurrent-context: kubernetes-admin@agw-a\n\
        users:\n- name: kubernetes-admin\n  user:\n    client-certificate-data: Qw==\n    client-key-data: Sw==\n";

    #[test]
    fn the_kubeconfig_of_a_node_leads_there_from_here() {
        let config = seen_from_here(ADMIN, "agw-a", 40123).unwrap();
        assert_eq!(config["clusters"][0]["cluster"]["server"], "https://127.0.0.1:40123");
        assert_eq!(config["clusters"][0]["cluster"]["certificate-authority-data"], "Q0E=");
        assert_eq!(config["contexts"][0]["context"]["user"], config["users"][0]["name"]);
        assert_eq!(config["current-context"], "kind-agw-a");
    }

    #[test]
    fn half_a_kubeconfig_is_none() {
        for end in [0, 80, 200, ADMIN.len() - 30] {
            assert_eq!(seen_from_here(&ADMIN[..end], "agw-a", 1), None, "cut at {end}");
        }
    }
}
