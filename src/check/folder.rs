//! The folder of all state.

use super::{Check, Verdict};
use crate::process::{free_space, in_words, nearest_existing};
use miette::Diagnostic;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Bytes that a sandbox with a real cluster needs: node image, gateway images, logs.
const ENOUGH_FOR_A_CLUSTER: u64 = 5 << 30;

/// Bytes that no provider works without.
const LEAST: u64 = 50 << 20;

#[derive(Debug, Error, Diagnostic)]
enum FolderProblem {
    #[error("{} is not writable: {reason}", folder.display())]
    #[diagnostic(code("MACHINE-01"), help("choose another folder: AGW_SANDBOX_HOME=/path agw-sandbox up"))]
    NotWritable { folder: PathBuf, reason: String },

    #[error("{} are free in {}", in_words(*free), folder.display())]
    #[diagnostic(
        code("MACHINE-02"),
        help(
            "free some space, or choose another folder: AGW_SANDBOX_HOME=/path; a cluster needs 5 GB, embedded 50 MB"
        )
    )]
    LittleSpace { folder: PathBuf, free: u64 },
}

/// Whether a file can be made there; it is gone again at once.
pub(super) async fn writable(folder: &Path) -> Check {
    let existing = nearest_existing(folder);
    match tempfile::tempfile_in(existing) {
        Ok(_) => Check::ok("state", folder.display().to_string()),
        Err(error) => {
            let problem = FolderProblem::NotWritable { folder: existing.to_owned(), reason: told(&error) };
            Check::problem("state", Verdict::Error, &problem)
        }
    }
}

/// Whether there is room.
pub(super) async fn space(folder: &Path) -> Check {
    let existing = nearest_existing(folder);
    let Some(free) = free_space(existing) else {
        return Check::skipped("disk", "this file system does not say how full it is");
    };
    if free >= ENOUGH_FOR_A_CLUSTER {
        return Check::ok("disk", format!("{} free", in_words(free)));
    }
    let verdict = if free < LEAST { Verdict::Error } else { Verdict::Warning };
    Check::problem("disk", verdict, &FolderProblem::LittleSpace { folder: existing.to_owned(), free })
}

fn told(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::NotADirectory => "it is not a folder".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        _ => error.to_string(),
    }
}
