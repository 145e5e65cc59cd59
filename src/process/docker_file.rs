//! A file in a container, read without a process in it.

use super::Docker;
use bollard::query_parameters::DownloadFromContainerOptionsBuilder;
use futures_util::StreamExt;
use std::{io::Read, pin::pin};

/// The largest archive that is taken, in bytes.
const LARGEST: usize = 1 << 20;

impl Docker {
    /// What a file in a container holds; `None` where it cannot be had, is no file, or is larger than 1 MiB.
    pub async fn read_file(&self, container: &str, path: &str) -> Option<Vec<u8>> {
        let options = DownloadFromContainerOptionsBuilder::default().path(path).build();
        let mut pieces = pin!(self.client.download_from_container(container, Some(options)));
        let mut packed = Vec::new();
        while let Some(piece) = pieces.next().await {
            packed.extend_from_slice(&piece.ok()?);
            if packed.len() > LARGEST {
                return None;
            }
        }
        let mut archive = tar::Archive::new(packed.as_slice());
        let mut file = archive.entries().ok()?.next()?.ok()?;
        let mut held = Vec::new();
        file.header().entry_type().is_file().then_some(())?;
        file.read_to_end(&mut held).ok()?;
        Some(held)
    }
}
