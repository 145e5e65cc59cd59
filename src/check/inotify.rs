//! Limits of the kernel that many Pods run into, on machines whose kernel runs them.

use super::{Check, Verdict};
use miette::Diagnostic;
use std::path::Path;
use thiserror::Error;

/// What one cluster gets along with; a Linux of today has at least this. Source: kind, known issues, "Pod errors due to too many
/// open files", which wants 512 and 524288 for several clusters.
const INSTANCES: u64 = 128;
const WATCHES: u64 = 65_536;

#[derive(Debug, Error, Diagnostic)]
#[error("inotify allows {instances} instances and {watches} watches")]
#[diagnostic(
    code("MACHINE-07"),
    help("sudo sysctl fs.inotify.max_user_instances=512 fs.inotify.max_user_watches=524288")
)]
struct FewWatches {
    instances: u64,
    watches: u64,
}

/// The limits below a folder such as `/proc`.
pub(super) async fn inotify(proc: &Path) -> Check {
    let limit = |name: &str| {
        let text = std::fs::read_to_string(proc.join("sys/fs/inotify").join(name)).ok()?;
        text.trim().parse::<u64>().ok()
    };
    let (Some(instances), Some(watches)) = (limit("max_user_instances"), limit("max_user_watches")) else {
        return Check::skipped("inotify", "only on Linux");
    };
    match instances < INSTANCES || watches < WATCHES {
        true => Check::problem("inotify", Verdict::Warning, &FewWatches { instances, watches }),
        false => Check::ok("inotify", format!("{instances} instances, {watches} watches")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn low_limits_are_told_with_the_command_that_raises_them() {
        let proc = tempfile::tempdir().unwrap();
        assert_eq!(inotify(proc.path()).await.verdict, Verdict::Skipped);
        let folder = proc.path().join("sys/fs/inotify");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("max_user_watches"), "524288\n").unwrap();
        for (instances, verdict) in [("128\n", Verdict::Ok), ("64\n", Verdict::Warning)] {
            std::fs::write(folder.join("max_user_instances"), instances).unwrap();
            assert_eq!(inotify(proc.path()).await.verdict, verdict, "{instances}");
        }
        assert!(inotify(proc.path()).await.fix.unwrap().contains("max_user_instances=512"));
    }
}
