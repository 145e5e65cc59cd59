//! kind at work: in a process group of its own, with its words in a log.

use super::{KindError, KindMachine};
use crate::process::ProcessIdentity;
use rustix::process::{Pid, Signal, kill_process_group};
use std::{
    fs::{self, OpenOptions},
    io::{self, Read, Seek, SeekFrom},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    process::Stdio,
};
use tokio::{
    io::AsyncWriteExt,
    process::{Child, Command},
};

/// How much of the end of a log is looked at, in bytes.
const TAIL: u64 = 16 << 10;
/// The longest reason that is told, in characters; kind repeats whole commands.
const LONGEST_REASON: usize = 300;

/// A `kind` at work. If it is dropped before its end, its whole process group is killed. If we are killed instead, it
/// goes on: its words go into a file, not to us.
pub(super) struct Working {
    child: Child,
    group: Option<Pid>,
    log: PathBuf,
}

impl Working {
    /// Starts kind with a new log.
    pub(super) fn start(machine: &KindMachine, arguments: &[&str], log: &Path) -> Result<Self, KindError> {
        let unusable = |source| KindError::Record { path: log.to_owned(), source };
        let mut options = OpenOptions::new();
        let out = options.create(true).write(true).truncate(true).mode(0o600).open(log).map_err(unusable)?;
        let errors = out.try_clone().map_err(unusable)?;
        let mut command = Command::new(&machine.kind);
        match machine.docker.is_podman {
            false => command.env("DOCKER_HOST", machine.docker.address.to_string()),
            true => command.env("KIND_EXPERIMENTAL_PROVIDER", "podman"),
        };
        command.args(arguments).env_remove("KUBECONFIG").stdin(Stdio::piped()).stdout(out).stderr(errors);
        let child = command.process_group(0).spawn();
        let child = child.map_err(|source| KindError::Start { program: machine.kind.clone(), source })?;
        let group = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        Ok(Self { child, group, log: log.to_owned() })
    }

    /// Gives it its input, and then the end of input. One that does not listen ends by itself, and its log says why.
    pub(super) async fn tell(&mut self, input: &str) {
        if let Some(mut stdin) = self.child.stdin.take() {
            let _ = stdin.write_all(input.as_bytes()).await;
            let _ = stdin.shutdown().await;
        }
    }

    /// Which process it is.
    pub(super) fn identity(&self) -> Option<ProcessIdentity> {
        self.child.id().and_then(ProcessIdentity::of)
    }

    /// Waits for its end; whether that was a good one.
    pub(super) async fn ended(&mut self) -> io::Result<bool> {
        let status = self.child.wait().await?;
        self.group = None;
        Ok(status.success())
    }

    /// The end of its log.
    pub(super) fn tail(&self) -> String {
        tail(&self.log)
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        if let Some(group) = self.group {
            // That it is gone already is fine.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

/// The end of a log.
pub(super) fn tail(log: &Path) -> String {
    let read = || {
        let mut file = fs::File::open(log)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
        let mut bytes = Vec::new();
        file.take(TAIL).read_to_end(&mut bytes)?;
        Ok::<_, io::Error>(String::from_utf8_lossy(&bytes).into_owned())
    };
    read().unwrap_or_default()
}

/// What kind is doing, from its last line that begins with a mark: `• Starting control-plane 🕹️  ...`.
pub(super) fn doing(log: &str) -> Option<String> {
    let line = log.lines().rev().find(|line| line.trim_start().starts_with('•'))?;
    let words = line.trim().trim_start_matches('•').trim_end_matches('.');
    let plain: String = words.chars().filter(|letter| letter.is_ascii()).collect();
    Some(plain.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// What went wrong: Docker's own words if there are any, else the line that begins with `ERROR:`, else the last one.
pub(super) fn why(log: &str) -> String {
    if let Some((_, told)) = log.split_once("Error response from daemon: ") {
        return format!("Docker says: {}", told.lines().next().unwrap_or_default());
    }
    let told = |line: &&str| !line.trim().is_empty();
    let line = log.lines().find(|line| line.starts_with("ERROR:")).or_else(|| log.lines().rev().find(told));
    let line = line.unwrap_or("it said nothing").trim_start_matches("ERROR: ").trim();
    line.chars().take(LONGEST_REASON).collect()
}

/// What was in the way, where another try may help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// A port was in use after all.
    Port,
    /// Containers of that name appeared meanwhile.
    Containers,
}

/// Finds the obstacle in what kind said.
pub(super) fn obstacle(log: &str) -> Option<Obstacle> {
    if log.contains("port is already allocated") || log.contains("address already in use") {
        return Some(Obstacle::Port);
    }
    log.contains("already exist for a cluster with the name").then_some(Obstacle::Containers)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "Creating cluster \"agw-a\" ...\n • Preparing nodes 📦   ...\n ✗ Preparing nodes 📦 \n\
        Deleted nodes: [\"agw-a-control-plane\"]\n\
        ERROR: failed to create cluster: command \"docker run\" failed with error: exit status 125\n\
        Command Output: 1234\n\
        docker: Error response from daemon: driver failed: Bind for 127.0.0.1:80 failed: port is already allocated.\n";

    #[test]
    fn the_log_tells_what_kind_did_and_why_it_failed() {
        assert_eq!(doing(LOG).as_deref(), Some("Preparing nodes"));
        assert_eq!(doing(""), None);
        let why = why(LOG);
        assert_eq!(why, "Docker says: driver failed: Bind for 127.0.0.1:80 failed: port is already allocated.");
        assert_eq!(
            super::why("ERROR: failed to init node with kubeadm\n\nStack Trace:\n"),
            "failed to init node with kubeadm"
        );
        assert_eq!(obstacle(LOG), Some(Obstacle::Port));
        let there = "ERROR: failed to create cluster: node(s) already exist for a cluster with the name \"agw-a\"";
        assert_eq!(obstacle(there), Some(Obstacle::Containers));
        assert_eq!(obstacle("ERROR: no space left on device"), None);
        assert_eq!(super::why(""), "it said nothing");
    }
}
