//! One run of Helm: in a process group of its own, ended gently, and found again if this program is killed.

use super::HelmError;
use crate::process::{ProcessIdentity, end_process};
use rustix::process::{Pid, Signal, kill_process_group};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How much of what Helm says is kept of each stream, in bytes.
const KEPT: u64 = 256 << 10;

/// What Helm said.
#[derive(Debug)]
pub(super) struct Said {
    pub success: bool,
    pub errors: String,
}

/// Why a run was ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Cancelled,
    Late,
}

/// Runs a command to its end. Cancelled or after `deadline`, its group gets SIGTERM, on which Helm notes the release as
/// failed, and after `grace` SIGKILL. Its identity is in `record` while it runs, see [`end_left_behind`].
pub(super) async fn run(
    mut command: Command,
    record: &Path,
    deadline: Duration,
    grace: Duration,
    cancel: &CancellationToken,
) -> Result<Said, HelmError> {
    let program = command.as_std().get_program().to_string_lossy().into_owned();
    let start = |source| HelmError::Start { program: program.clone(), source };
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).process_group(0);
    let mut child = command.spawn().map_err(start)?;
    let group = Group(child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?)));
    let identity = child.id().and_then(ProcessIdentity::of);
    let note = serde_json::to_vec(&identity).unwrap_or_default();
    std::fs::write(record, note).map_err(|source| HelmError::WorkFolder { path: record.to_owned(), source })?;
    let reading = tokio::spawn(kept(child.stderr.take()));
    let end = tokio::select! {
        status = child.wait() => Ok(status.map_err(start)?),
        () = cancel.cancelled() => Err(Ending::Cancelled),
        () = tokio::time::sleep(deadline) => Err(Ending::Late),
    };
    let status = match end {
        Ok(status) => status,
        Err(ending) => {
            end_group(&mut child, &group, grace).await.map_err(start)?;
            group.release();
            let _ = std::fs::remove_file(record);
            reading.abort();
            return Err(match ending {
                Ending::Cancelled => HelmError::Interrupted,
                Ending::Late => HelmError::TooLong { seconds: deadline.as_secs() },
            });
        }
    };
    group.release();
    let _ = std::fs::remove_file(record);
    // A grandchild that keeps the stream open must not keep this waiting.
    let errors = tokio::time::timeout(Duration::from_secs(2), reading).await;
    let errors = errors.ok().and_then(Result::ok).unwrap_or_default();
    let killed =
        status.signal().map(|signal| format!("{errors}\nError: it was ended from outside, by signal {signal}"));
    Ok(Said { success: status.success(), errors: killed.unwrap_or(errors) })
}

async fn end_group(child: &mut Child, group: &Group, grace: Duration) -> std::io::Result<ExitStatus> {
    group.send(Signal::TERM);
    if let Ok(status) = tokio::time::timeout(grace, child.wait()).await {
        return status;
    }
    group.send(Signal::KILL);
    child.wait().await
}

/// The first part of a stream, which is read to its end whatever its length.
async fn kept(stream: Option<impl AsyncRead + Unpin>) -> String {
    let Some(mut stream) = stream else { return String::new() };
    let mut content = Vec::new();
    let _ = (&mut stream).take(KEPT).read_to_end(&mut content).await;
    let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    String::from_utf8_lossy(&content).into_owned()
}

/// A process group that is asked to end when it is forgotten.
struct Group(Option<Pid>);

impl Group {
    fn send(&self, signal: Signal) {
        if let Some(leader) = self.0 {
            // It may be gone already.
            let _ = kill_process_group(leader, signal);
        }
    }

    fn release(mut self) {
        self.0 = None;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.send(Signal::TERM);
    }
}

/// Ends the Helm that an earlier run left behind when it was killed itself. Returns whether there was one.
pub(super) async fn end_left_behind(record: &Path, grace: Duration) -> bool {
    let Ok(note) = std::fs::read(record) else { return false };
    let began = Instant::now();
    let ended = match serde_json::from_slice::<Option<ProcessIdentity>>(&note) {
        Ok(Some(identity)) if identity.is_alive() => end_process(&identity, grace).await.is_ok(),
        _ => false,
    };
    tracing::debug!(ended, seconds = began.elapsed().as_secs_f64(), "a helm of an earlier run");
    let _ = std::fs::remove_file(record);
    ended
}
