//! A copy without debug information, where the executable is large: loading time counts at every new cluster.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tempfile::TempDir;
use tokio::process::Command;

/// From this size on, in bytes, it is worth the time.
const LARGE: u64 = 40 << 20;
/// How long `strip` may take.
const DEADLINE: Duration = Duration::from_secs(60);

/// A copy that is gone when this is dropped.
pub(super) struct Stripped {
    _folder: TempDir,
    /// The copy.
    pub(super) path: PathBuf,
    /// Its size in bytes.
    pub(super) bytes: u64,
}

/// Whether an executable is large enough to be stripped.
pub(super) fn is_large(executable: &Path) -> bool {
    std::fs::metadata(executable).is_ok_and(|file| file.len() > LARGE)
}

/// Makes the copy; `None` if there is no `strip` or it fails, since the original does as well.
pub(super) async fn strip(executable: &Path) -> Option<Stripped> {
    let strip = which::which("strip").ok()?;
    let folder = tempfile::tempdir().ok()?;
    let path = folder.path().join("agw-sandbox");
    let mut command = Command::new(strip);
    command.arg("-o").arg(&path).arg(executable).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let status = tokio::time::timeout(DEADLINE, command.kill_on_drop(true).status()).await.ok()?.ok()?;
    let bytes = std::fs::metadata(&path).ok()?.len();
    status.success().then_some(Stripped { _folder: folder, path, bytes })
}
