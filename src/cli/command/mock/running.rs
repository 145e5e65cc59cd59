//! The note by which mocks that run alone are found.

use crate::exchange::{MockAdmin, MockAdminError};
use crate::sandbox::Home;
use serde::{Deserialize, Serialize};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Where the admin API of running mocks is, and its token: a file for its owner's eyes only.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Running {
    url: String,
    /// Who calls the admin API has to bring it.
    pub(super) token: String,
    #[serde(skip)]
    file: PathBuf,
    #[serde(skip)]
    is_ours: bool,
}

impl Running {
    /// A token that nobody guesses.
    pub(super) fn new_token() -> String {
        uuid::Uuid::new_v4().simple().to_string()
    }

    /// Leaves a note, in place of that of mocks which were started earlier.
    pub(super) fn note(home: &Home, admin: SocketAddr) -> io::Result<Self> {
        let (url, token, file) = (format!("http://{admin}"), Self::new_token(), file_in(home));
        let running = Self { url, token, file, is_ours: true };
        std::fs::create_dir_all(home.path())?;
        // Temporary files are made for their owner's eyes only, and appear under their name as a whole.
        let mut written = tempfile::Builder::new().prefix(".mocks").tempfile_in(home.path())?;
        written.write_all(serde_json::to_string(&running)?.as_bytes())?;
        written.persist(&running.file).map_err(|failure| failure.error)?;
        Ok(running)
    }

    /// The note, if there is one.
    pub(super) fn read(home: &Home) -> Option<Self> {
        let text = std::fs::read_to_string(file_in(home)).ok()?;
        serde_json::from_str(&text).ok()
    }

    /// The way to the mocks.
    pub(super) fn admin(&self) -> Result<MockAdmin, MockAdminError> {
        MockAdmin::new(&self.url, Some(self.token.clone()))
    }
}

fn file_in(home: &Home) -> PathBuf {
    home.path().join("mocks.json")
}

impl Drop for Running {
    fn drop(&mut self) {
        let is_still_ours = || {
            let text = std::fs::read_to_string(&self.file).ok()?;
            let found: Self = serde_json::from_str(&text).ok()?;
            Some(found.token == self.token)
        };
        if self.is_ours && is_still_ours() == Some(true) {
            // A note that cannot be removed leads to mocks that do not answer, which is told.
            let _ = std::fs::remove_file(&self.file);
        }
    }
}
