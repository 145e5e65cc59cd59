//! The trust material of the mocks in files.

use crate::exchange::TrustMaterial;
use serde::Serialize;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Where the certificates and the key are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TrustFiles {
    /// The certificate of the mocks' authority.
    pub(super) authority: PathBuf,
    /// A client's certificate.
    pub(super) client_certificate: PathBuf,
    /// Its private key, for its owner's eyes only.
    pub(super) client_key: PathBuf,
}

impl TrustFiles {
    /// Writes `ca.pem`, `client.pem` and `client.key` into a folder, which is made where it is not there.
    pub(super) fn write(folder: &Path, prefix: &str, material: &TrustMaterial) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let write = |name: &str, text: &str| write(folder.join(format!("{prefix}{name}")), text);
        Ok(Self {
            authority: write("ca.pem", &material.authority)?,
            client_certificate: write("client.pem", &material.client_certificate)?,
            client_key: write("client.key", &material.client_key)?,
        })
    }
}

/// Temporary files are made for their owner's eyes only, and appear under their name as a whole.
fn write(path: PathBuf, text: &str) -> io::Result<PathBuf> {
    let mut file = tempfile::Builder::new().prefix(".trust").tempfile_in(path.parent().unwrap_or(Path::new(".")))?;
    file.write_all(text.as_bytes())?;
    file.persist(&path).map_err(|failure| failure.error)?;
    Ok(path)
}
