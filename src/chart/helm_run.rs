//! How Helm is run: its arguments, its environment, its values.

use super::child::{self, Said};
use super::helm_words::{masked, understand};
use super::{Helm, HelmError, Telling};
use serde_json::Value;
use std::ffi::OsString;
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::PathBuf;
use std::time::Duration;
use tempfile::NamedTempFile;
use tokio::process::Command;
use tokio_util::sync::CancellationToken;

/// How long an interrupted Helm may take to note that the release failed.
const GRACE: Duration = Duration::from_secs(10);

/// Variables that would make Helm do something else than its arguments say.
const FORGOTTEN: &[&str] = &[
    "KUBECONFIG",
    "HELM_DRIVER",
    "HELM_DRIVER_SQL_CONNECTION_STRING",
    "HELM_NAMESPACE",
    "HELM_KUBECONTEXT",
    "HELM_KUBEAPISERVER",
    "HELM_KUBEASUSER",
    "HELM_KUBEASGROUPS",
    "HELM_KUBETOKEN",
    "HELM_KUBECAFILE",
    "HELM_KUBEINSECURE_SKIP_TLS_VERIFY",
    "HELM_KUBETLS_SERVER_NAME",
    "HELM_DEBUG",
    "HELM_MAX_HISTORY",
    "HELM_PLUGINS",
];

/// Runs of Helm for one release.
pub(super) struct HelmRun<'a> {
    pub helm: &'a Helm,
    pub namespace: &'a str,
    pub name: &'a str,
}

impl HelmRun<'_> {
    /// Runs Helm with arguments and those that every run has. `values` are kept out of what is told of a failure.
    pub async fn run(
        &self,
        arguments: impl IntoIterator<Item = OsString>,
        values: &Value,
        cancel: &CancellationToken,
    ) -> Result<(), HelmError> {
        self.make_folder()?;
        let helm = self.helm;
        let mut command = Command::new(&helm.program);
        command.args(arguments).arg("--namespace").arg(self.namespace);
        command.arg("--kubeconfig").arg(&helm.kubeconfig).arg("--kube-context").arg(&helm.context);
        for variable in FORGOTTEN {
            command.env_remove(variable);
        }
        for (variable, folder) in
            [("HELM_CACHE_HOME", "cache"), ("HELM_CONFIG_HOME", "config"), ("HELM_DATA_HOME", "data")]
        {
            command.env(variable, helm.work.join(folder));
        }
        let Said { success, errors } = child::run(command, &self.record(), helm.deadline, GRACE, cancel).await?;
        match success {
            true => Ok(()),
            false => Err(understand(&format!("{}/{}", self.namespace, self.name), &masked(&errors, values))),
        }
    }

    /// Readable by its owner only, in a folder that is too, and gone when it is dropped.
    pub fn values_file(&self, values: &Value) -> Result<NamedTempFile, HelmError> {
        self.make_folder()?;
        let failed = |source| HelmError::WorkFolder { path: self.folder(), source };
        let mut file = tempfile::Builder::new()
            .prefix("values-")
            .suffix(".json")
            .permissions(std::fs::Permissions::from_mode(0o600))
            .tempfile_in(self.folder())
            .map_err(failed)?;
        // JSON is YAML, and no word of it can be taken for a boolean.
        let text = if values.is_null() { "{}".to_owned() } else { values.to_string() };
        file.write_all(text.as_bytes()).map_err(failed)?;
        Ok(file)
    }

    /// Ends the Helm of a run that was killed, and removes the values that it left.
    pub async fn end_left_behind(&self, telling: Telling<'_>) {
        if child::end_left_behind(&self.record(), GRACE).await {
            telling("a helm of an earlier run was still at work and was ended");
        }
        for entry in std::fs::read_dir(self.folder()).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with("values-") {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }

    /// A folder for each release, so that two may be worked on at a time. A namespace has no dot.
    fn folder(&self) -> PathBuf {
        self.helm.work.join(format!("{}.{}", self.namespace, self.name))
    }

    fn make_folder(&self) -> Result<(), HelmError> {
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(self.folder());
        made.map_err(|source| HelmError::WorkFolder { path: self.folder(), source })
    }

    fn record(&self) -> PathBuf {
        self.folder().join("helm.json")
    }
}
