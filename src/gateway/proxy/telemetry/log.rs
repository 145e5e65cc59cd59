//! Where lines of the access log go.

use std::{io, path::PathBuf};
use tokio::{
    fs::{File, OpenOptions},
    io::{AsyncWrite, AsyncWriteExt},
    sync::mpsc,
};

/// Size at which a log file is put aside as `<name>.1`, in place of the one that was there, and begun anew.
const LARGEST_FILE: usize = 8 * 1024 * 1024;
/// Lines that are written at once.
const BATCH: usize = 256;

/// Where lines of the access log go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogTarget {
    /// Standard output, as in a pod.
    StandardOutput,
    /// A file of bounded size.
    File(PathBuf),
}

/// Writes lines until nobody sends any more. A target that cannot be written to loses them: serving goes on.
pub async fn write_log(mut lines: mpsc::Receiver<String>, target: LogTarget) {
    let mut batch = Vec::with_capacity(BATCH);
    let mut out = Out { target, file: None, size: 0 };
    while lines.recv_many(&mut batch, BATCH).await > 0 {
        if let Err(error) = out.write(batch.concat().as_bytes()).await {
            tracing::warn!(%error, "lines of the access log are lost");
        }
        batch.clear();
    }
}

struct Out {
    target: LogTarget,
    file: Option<File>,
    size: usize,
}

impl Out {
    async fn write(&mut self, text: &[u8]) -> io::Result<()> {
        let LogTarget::File(path) = &self.target else { return put(&mut tokio::io::stdout(), text).await };
        if self.size > LARGEST_FILE {
            let mut aside = path.clone().into_os_string();
            aside.push(".1");
            tokio::fs::rename(path, aside).await?;
            self.file = None;
        }
        if self.file.is_none() {
            let file = OpenOptions::new().create(true).append(true).open(path).await?;
            self.size = usize::try_from(file.metadata().await?.len()).unwrap_or(usize::MAX);
            self.file = Some(file);
        }
        let Some(file) = &mut self.file else { return Ok(()) };
        self.size = self.size.saturating_add(text.len());
        put(file, text).await
    }
}

async fn put(out: &mut (impl AsyncWrite + Unpin), text: &[u8]) -> io::Result<()> {
    out.write_all(text).await?;
    out.flush().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_that_is_full_is_put_aside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("access.log");
        let (sender, lines) = mpsc::channel(8);
        let writer = tokio::spawn(write_log(lines, LogTarget::File(path.clone())));
        let long = format!("{}\n", "x".repeat(LARGEST_FILE));
        sender.send(long.clone()).await.unwrap();
        while std::fs::metadata(&path).map_or(0, |file| file.len()) < long.len() as u64 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        sender.send("second\n".to_owned()).await.unwrap();
        drop(sender);
        writer.await.unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "second\n");
        assert_eq!(std::fs::metadata(folder.path().join("access.log.1")).unwrap().len(), long.len() as u64);
    }
}
