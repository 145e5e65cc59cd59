//! What the background process tells once it is up. The token is not in it: that stays in the kubeconfig.

use crate::process::ProcessIdentity;
use serde::{Deserialize, Serialize};
use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

/// What the background process tells once it is up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Handshake {
    /// Which process it is.
    pub process: ProcessIdentity,
    /// Version of agw-sandbox that serves.
    pub version: String,
    /// The arguments that it was started with, to see whether it serves what is wanted.
    pub arguments: Vec<String>,
    /// URL of the Kubernetes API.
    pub api: String,
    /// URL of the admin port.
    pub admin: String,
    /// URL of the gateway's stats port, which serves `/metrics`.
    #[serde(default)]
    pub stats: String,
}

/// Name of the access log in a sandbox's state directory.
pub const ACCESS_LOG: &str = "access.log";

impl Handshake {
    /// Where it is kept.
    pub fn path(home: &Path) -> PathBuf {
        home.join("serve.json")
    }

    /// Reads it; `None` where there is none that makes sense.
    pub fn read(home: &Path) -> Option<Self> {
        let text = std::fs::read(Self::path(home)).ok()?;
        serde_json::from_slice(&text).ok()
    }

    /// Writes it at once as a whole.
    pub fn write(&self, home: &Path) -> io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(home)?;
        file.write_all(serde_json::to_string_pretty(self)?.as_bytes())?;
        file.persist(Self::path(home)).map_err(|error| error.error)?;
        Ok(())
    }
}
