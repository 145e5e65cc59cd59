//! Room on a file system.

use miette::Diagnostic;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// There is not enough room.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
#[error("{} are free in {}, {} are needed", in_words(*free), folder.display(), in_words(*needed))]
#[diagnostic(
    code("MACHINE-06"),
    help(
        "free some space, or choose another folder for the state: AGW_SANDBOX_HOME=/path; for Docker: docker system df   shows what takes it, docker image prune   removes unnamed images"
    )
)]
pub struct TooFull {
    /// Where.
    pub folder: PathBuf,
    /// Bytes that are free.
    pub free: u64,
    /// Bytes that are needed.
    pub needed: u64,
}

/// Bytes that are free for this user where a folder is, or would be made. `None`: the file system does not say.
pub fn free_space(folder: &Path) -> Option<u64> {
    let about = rustix::fs::statvfs(nearest_existing(folder)).ok()?;
    Some(about.f_bavail.saturating_mul(about.f_frsize))
}

/// MACHINE-06 if fewer than that many bytes are free. A file system that does not say is taken to have room.
pub fn check_space(folder: &Path, needed: u64) -> Result<(), TooFull> {
    match free_space(folder).filter(|free| *free < needed) {
        Some(free) => Err(TooFull { folder: folder.to_owned(), free, needed }),
        None => Ok(()),
    }
}

/// The folder itself or the nearest above it that is there.
pub fn nearest_existing(folder: &Path) -> &Path {
    folder.ancestors().find(|path| path.exists()).filter(|path| !path.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// `4 GB`, or `700 MB` below one.
pub fn in_words(bytes: u64) -> String {
    match bytes >> 30 {
        0 => format!("{} MB", bytes >> 20),
        gigabytes => format!("{gigabytes} GB"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_free_is_compared_with_what_is_needed() {
        assert_eq!(check_space(Path::new("/not/there"), 0), Ok(()));
        let full = check_space(Path::new("/"), u64::MAX).unwrap_err();
        assert!(full.to_string().contains("are free in /"), "{full}");
        assert_eq!((in_words(700 << 20), in_words(5 << 30)), ("700 MB".to_owned(), "5 GB".to_owned()));
    }
}
