//! The record of the cluster in the sandbox's state directory: what was begun, and what came of it.

use super::{KindError, NodeImage, PortMapping};
use crate::process::ProcessIdentity;
use serde::{Deserialize, Serialize};
use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

/// The record of a cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record {
    /// Ours alone; also in the cluster, see `marker.rs`.
    pub id: String,
    /// When it was begun; no cluster of this name was there then.
    pub began: jiff::Timestamp,
    /// How far it is.
    pub phase: Phase,
    /// What it is made of.
    pub image: NodeImage,
    /// Ports of this machine that lead into it.
    pub ports: Vec<PortMapping>,
    /// Whether the network may go with it.
    pub network_is_ours: bool,
}

/// How far a cluster is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Phase {
    /// kind is, or was, at work on it.
    Begun {
        /// kind, once it was started.
        kind: Option<ProcessIdentity>,
    },
    /// It was whole and marked as ours.
    Made {
        /// Ids of its node containers.
        nodes: Vec<String>,
    },
}

impl Record {
    fn path(home: &Path) -> PathBuf {
        home.join("kind.json")
    }

    /// Reads it; `None` where there is none that makes sense.
    pub(super) fn read(home: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(Self::path(home)).ok()?).ok()
    }

    /// Writes it at once as a whole.
    pub(super) fn write(&self, home: &Path) -> Result<(), KindError> {
        let failed = |source| KindError::Record { path: Self::path(home), source };
        let text = serde_json::to_string_pretty(self).map_err(|error| failed(error.into()))?;
        Self::write_file(&Self::path(home), text.as_bytes()).map_err(failed)
    }

    /// Writes a file beside the record as a whole, for its owner's eyes only.
    pub(super) fn write_file(path: &Path, text: &[u8]) -> io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(path.parent().unwrap_or(Path::new(".")))?;
        file.write_all(text)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    }

    /// Takes the kubeconfigs away, ours and that whose being there proves that kind came to its end.
    pub(super) fn erase_kubeconfig(home: &Path) -> Result<(), KindError> {
        erase(home, &["kubeconfig.kind", "kubeconfig.kind.lock", "kubeconfig"])
    }

    /// Takes all away that came with the cluster; the record last.
    pub(super) fn erase(home: &Path) -> Result<(), KindError> {
        Self::erase_kubeconfig(home)?;
        erase(home, &["kind.log", "kind.json"])
    }

    /// The `kind create` of an earlier run that is still at work.
    pub(super) fn still_at_work(&self) -> Option<&ProcessIdentity> {
        match &self.phase {
            Phase::Begun { kind } => kind.as_ref().filter(|kind| kind.is_alive()),
            Phase::Made { .. } => None,
        }
    }
}

fn erase(home: &Path, names: &[&str]) -> Result<(), KindError> {
    for path in names.iter().map(|name| home.join(name)) {
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => return Err(KindError::Record { path, source }),
            _ => {}
        }
    }
    Ok(())
}
