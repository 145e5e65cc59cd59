//! What the forwarding process tells of itself, in the sandbox's state directory.

use super::{Forward, ForwardError};
use crate::process::ProcessIdentity;
use serde::{Deserialize, Serialize};
use std::{
    io::Write,
    path::{Path, PathBuf},
};

/// What the forwarding process tells of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Handshake {
    /// Which process it is.
    pub process: ProcessIdentity,
    /// Version of agw-sandbox that it is.
    pub version: String,
    /// The socket on which it takes calls; the folder that it is in is its user's own.
    pub socket: PathBuf,
    /// What it forwards, in the order in which it was asked.
    pub forwards: Vec<Forward>,
}

impl Handshake {
    pub(super) fn path(home: &Path) -> PathBuf {
        home.join("forward.json")
    }

    /// Reads it; `None` where there is none that makes sense.
    pub(super) fn read(home: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(Self::path(home)).ok()?).ok()
    }

    /// That of a process that lives.
    pub(super) fn alive(home: &Path) -> Option<Self> {
        Self::read(home).filter(|handshake| handshake.process.is_alive())
    }

    /// Writes it at once as a whole.
    pub(super) fn write(&self, home: &Path) -> Result<(), ForwardError> {
        let failed = |source| ForwardError::State { path: Self::path(home), source };
        let text = serde_json::to_string_pretty(self).map_err(|error| failed(error.into()))?;
        let mut file = tempfile::NamedTempFile::new_in(home).map_err(failed)?;
        file.write_all(text.as_bytes()).map_err(failed)?;
        file.persist(Self::path(home)).map_err(|error| failed(error.error))?;
        Ok(())
    }
}
