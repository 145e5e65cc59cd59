//! Helm, version 3 or 4, for charts that need it.

use super::helm_run::HelmRun;
use super::next_move::next_move;
use super::revision::{RevisionState, Revisions, forget_after, revisions};
use super::{Chart, HelmError, Mark, NextMove};
use crate::cluster::Cluster;
use crate::event::Change;
use kube::config::Kubeconfig;
use serde_json::Value;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often is looked again where another Helm was at work.
const ROUNDS: usize = 3;

/// Time for one run of Helm.
const DEADLINE: Duration = Duration::from_secs(300);

/// Helm for one cluster.
#[derive(Debug, Clone)]
pub struct Helm {
    pub(super) program: PathBuf,
    pub(super) kubeconfig: PathBuf,
    pub(super) context: String,
    pub(super) work: PathBuf,
    pub(super) deadline: Duration,
}

/// A helm release that is wanted.
#[derive(Clone, PartialEq)]
pub struct HelmRelease {
    /// Its name.
    pub name: String,
    /// Its namespace, made if it is not there.
    pub namespace: String,
    /// Values over those of the chart; secrets may be among them.
    pub values: Value,
}

/// Says which release, never its values.
impl fmt::Debug for HelmRelease {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "HelmRelease({})", self.title())
    }
}

impl HelmRelease {
    fn title(&self) -> String {
        format!("{}/{}", self.namespace, self.name)
    }
}

/// Hears what is being done, in words.
pub type Telling<'a> = &'a (dyn Fn(&str) + Send + Sync);

impl Helm {
    /// Helm for the cluster of a kubeconfig and context. `work` is a folder of this sandbox alone, for values while
    /// Helm runs, for its own caches, and for the record by which a Helm that was left behind is found.
    pub fn new(program: &Path, kubeconfig: &Path, context: &str, work: &Path) -> Self {
        Self {
            program: program.to_owned(),
            kubeconfig: kubeconfig.to_owned(),
            context: context.to_owned(),
            work: work.to_owned(),
            deadline: DEADLINE,
        }
    }

    /// Helm for the cluster that a kubeconfig leads to by itself. HELM-20 if it says none.
    pub fn of_cluster(program: &Path, kubeconfig: &Path, work: &Path) -> Result<Self, HelmError> {
        let unreadable = |why: String| HelmError::Kubeconfig { path: kubeconfig.to_owned(), why };
        let config = Kubeconfig::read_from(kubeconfig).map_err(|error| unreadable(error.to_string()))?;
        let context = config.current_context.ok_or_else(|| unreadable("it has no current context".to_owned()))?;
        Ok(Self::new(program, kubeconfig, &context, work))
    }

    /// With another deadline for one run than 5 minutes.
    pub fn within(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Brings a release to a chart and values: looks, recovers what an interruption left, acts only on a difference,
    /// and looks again. The caller holds the claim of the sandbox. Waits for no pod.
    pub async fn bring_about(
        &self,
        release: &HelmRelease,
        chart: &Chart,
        cluster: &Cluster,
        cancel: &CancellationToken,
        telling: Telling<'_>,
    ) -> Result<Change, HelmError> {
        let wanted = Mark::of(&chart.digest, &release.values);
        self.for_release(&release.namespace, &release.name).end_left_behind(telling).await;
        let mut round = 0;
        loop {
            round += 1;
            let found = revisions(cluster, &release.namespace, &release.name).await?;
            let next = next_move(found.as_ref(), &wanted);
            if next == NextMove::Nothing && self.all_there(found.as_ref(), release, cluster, telling).await? {
                return Ok(Change::Unchanged);
            }
            self.recover(next, release, cluster, cancel, telling).await?;
            telling(&format!("helm upgrade --install {}", release.title()));
            match self.apply(release, chart, &wanted, cancel).await {
                Ok(()) => break,
                Err(HelmError::Busy { .. } | HelmError::NameInUse { .. }) if round < ROUNDS => {
                    tokio::time::sleep(Duration::from_millis(500)).await;
                }
                Err(error) => return Err(error),
            }
        }
        let found = revisions(cluster, &release.namespace, &release.name).await?;
        match next_move(found.as_ref(), &wanted) {
            NextMove::Nothing => Ok(Change::Made),
            _ => Err(HelmError::NotConfirmed { release: release.title(), seen: seen(found.as_ref()) }),
        }
    }

    /// Removes a release. Returns whether there was one. What a chart makes at run time is not Helm's and stays.
    pub async fn remove(
        &self,
        namespace: &str,
        name: &str,
        cluster: &Cluster,
        cancel: &CancellationToken,
    ) -> Result<bool, HelmError> {
        self.for_release(namespace, name).end_left_behind(&|_| ()).await;
        if revisions(cluster, namespace, name).await?.is_none() {
            return Ok(false);
        }
        self.uninstall(namespace, name, cancel).await?;
        match revisions(cluster, namespace, name).await? {
            None => Ok(true),
            found => {
                Err(HelmError::NotConfirmed { release: format!("{namespace}/{name}"), seen: seen(found.as_ref()) })
            }
        }
    }

    /// What Helm has noted about a release; `None` where there is none.
    pub async fn observe(
        &self,
        namespace: &str,
        name: &str,
        cluster: &Cluster,
    ) -> Result<Option<Revisions>, HelmError> {
        Ok(revisions(cluster, namespace, name).await?)
    }

    async fn all_there(
        &self,
        found: Option<&Revisions>,
        release: &HelmRelease,
        cluster: &Cluster,
        telling: Telling<'_>,
    ) -> Result<bool, HelmError> {
        let Some(found) = found else { return Ok(false) };
        let missing = super::missing::missing_objects(cluster, &found.manifest, &release.namespace).await?;
        if let Some(first) = missing.first() {
            telling(&format!("{} of {} is gone", first, release.title()));
        }
        Ok(missing.is_empty())
    }

    async fn recover(
        &self,
        next: NextMove,
        release: &HelmRelease,
        cluster: &Cluster,
        cancel: &CancellationToken,
        telling: Telling<'_>,
    ) -> Result<(), HelmError> {
        match next {
            NextMove::Nothing | NextMove::Apply => Ok(()),
            NextMove::UninstallThenApply => {
                telling(&format!("{} was left half-made: helm uninstall", release.title()));
                self.uninstall(&release.namespace, &release.name, cancel).await
            }
            NextMove::RollbackThenApply(good) => {
                telling(&format!("{} was left pending: helm rollback to {good}", release.title()));
                match self.rollback(release, good, cancel).await {
                    Ok(()) => Ok(()),
                    Err(
                        ended @ (HelmError::Interrupted | HelmError::TooLong { .. } | HelmError::ClusterAway { .. }),
                    ) => Err(ended),
                    // Helm 3 cannot roll back where the pending revision lacks objects that the good one has.
                    Err(_) => Ok(forget_after(cluster, &release.namespace, &release.name, good).await?),
                }
            }
        }
    }

    async fn apply(
        &self,
        release: &HelmRelease,
        chart: &Chart,
        mark: &Mark,
        cancel: &CancellationToken,
    ) -> Result<(), HelmError> {
        let run = self.for_release(&release.namespace, &release.name);
        let values = run.values_file(&release.values)?;
        let arguments: [OsString; 12] = [
            "upgrade".into(),
            release.name.clone().into(),
            chart.file.clone().into(),
            "--install".into(),
            "--create-namespace".into(),
            "--reset-values".into(),
            "--values".into(),
            values.path().into(),
            "--description".into(),
            mark.to_string().into(),
            "--history-max".into(),
            "5".into(),
        ];
        run.run(arguments, &release.values, cancel).await
    }

    async fn uninstall(&self, namespace: &str, name: &str, cancel: &CancellationToken) -> Result<(), HelmError> {
        let arguments = ["uninstall", name].map(OsString::from);
        self.for_release(namespace, name).run(arguments, &Value::Null, cancel).await
    }

    async fn rollback(&self, release: &HelmRelease, to: u32, cancel: &CancellationToken) -> Result<(), HelmError> {
        let arguments = ["rollback", &release.name, &to.to_string()].map(OsString::from);
        self.for_release(&release.namespace, &release.name).run(arguments, &release.values, cancel).await
    }

    fn for_release<'a>(&'a self, namespace: &'a str, name: &'a str) -> HelmRun<'a> {
        HelmRun { helm: self, namespace, name }
    }
}

fn seen(found: Option<&Revisions>) -> String {
    match found {
        None => "it is not there".to_owned(),
        Some(found) if found.state == RevisionState::Deployed => {
            format!("revision {} is of another chart or other values", found.newest)
        }
        Some(found) => format!("revision {} is {:?}", found.newest, found.state).to_lowercase(),
    }
}
