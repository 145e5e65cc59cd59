//! What the user agreed to, in the sandbox's state directory.

use super::ContextError;
use crate::provider::ProviderName;
use serde::{Deserialize, Serialize};
use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

/// What the user agreed to, and how far it went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record {
    /// Ours alone; also in the cluster, on all that is ours.
    pub id: String,
    /// Who said that the cluster is there.
    pub provider: ProviderName,
    /// The context's name.
    pub context: String,
    /// URL of its API.
    pub api: String,
    /// UID of its namespace kube-system, which no other cluster has.
    pub cluster: String,
    /// When the user agreed.
    pub agreed: jiff::Timestamp,
    /// How far it is.
    pub phase: Phase,
    /// Node containers that images can be given to.
    pub nodes: Vec<String>,
    /// Names of GatewayClasses that were there before us.
    pub classes: Vec<String>,
}

/// How far a sandbox is in a cluster of the user's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Phase {
    /// The user agreed; nothing was written yet.
    Agreed,
    /// The marker was written.
    Marked,
    /// Removal began.
    Leaving,
}

impl Record {
    pub(super) fn path(home: &Path) -> PathBuf {
        home.join("context.json")
    }

    /// Reads it; `None` where there is none that makes sense.
    pub(super) fn read(home: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(Self::path(home)).ok()?).ok()
    }

    /// Writes it at once as a whole, if it differs.
    pub(super) fn write(&self, home: &Path) -> Result<(), ContextError> {
        if Self::read(home).as_ref() == Some(self) {
            return Ok(());
        }
        let failed = |source| ContextError::Record { path: Self::path(home), source };
        let text = serde_json::to_string_pretty(self).map_err(|error| failed(error.into()))?;
        let mut file = tempfile::NamedTempFile::new_in(home).map_err(failed)?;
        file.write_all(text.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
        file.persist(Self::path(home)).map_err(|error| failed(error.error))?;
        Ok(())
    }

    /// Takes it away, and the kubeconfig before it.
    pub(super) fn erase(home: &Path) -> Result<(), ContextError> {
        for path in [home.join("kubeconfig"), Self::path(home)] {
            match fs::remove_file(&path) {
                Err(source) if source.kind() != io::ErrorKind::NotFound => {
                    return Err(ContextError::Record { path, source });
                }
                _ => {}
            }
        }
        Ok(())
    }
}
