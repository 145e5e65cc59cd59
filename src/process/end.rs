//! Ending a process, after proof that it is the one that is meant.

use super::ProcessIdentity;
use miette::Diagnostic;
use rustix::io::Errno;
use rustix::process::{Signal, kill_process};
use std::time::Duration;
use thiserror::Error;
use tokio::time::{Instant, sleep};

/// How long a killed process may take to disappear.
const AFTER_KILL: Duration = Duration::from_secs(2);

/// How often is looked.
const GLANCE: Duration = Duration::from_millis(10);

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It was gone already, or its number belongs to another process now.
    Before,
    /// It ended when it was asked to.
    Asked,
    /// It did not listen and was killed.
    Killed,
}

/// Why a process did not end.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum EndError {
    /// It belongs to somebody else.
    #[error("process {pid} belongs to another user and cannot be ended")]
    #[diagnostic(code("PROCESS-04"), help("run the command as the user who started the sandbox"))]
    NotPermitted {
        /// Its number.
        pid: u32,
    },

    /// It survived being killed: the kernel holds it.
    #[error("process {pid} is still there after SIGKILL")]
    #[diagnostic(
        code("PROCESS-05"),
        help("it hangs in the kernel, on a file system perhaps: ps -o pid,stat,wchan -p {pid}")
    )]
    Survived {
        /// Its number.
        pid: u32,
    },
}

/// Asks a process to end (SIGTERM), waits up to `grace`, then kills it. Nothing is sent to a process that started at
/// another time than `identity` says.
pub async fn end_process(identity: &ProcessIdentity, grace: Duration) -> Result<Ended, EndError> {
    if !signal(identity, Signal::TERM)? {
        return Ok(Ended::Before);
    }
    if gone_within(identity, grace).await {
        return Ok(Ended::Asked);
    }
    if !signal(identity, Signal::KILL)? || gone_within(identity, AFTER_KILL).await {
        return Ok(Ended::Killed);
    }
    Err(EndError::Survived { pid: identity.pid })
}

/// Whether a signal was sent; false if the process is not there.
fn signal(identity: &ProcessIdentity, signal: Signal) -> Result<bool, EndError> {
    let Some(number) = identity.number().filter(|_| identity.is_alive()) else { return Ok(false) };
    match kill_process(number, signal) {
        Ok(()) => Ok(true),
        Err(Errno::PERM) => Err(EndError::NotPermitted { pid: identity.pid }),
        Err(_) => Ok(false),
    }
}

async fn gone_within(identity: &ProcessIdentity, limit: Duration) -> bool {
    let end = Instant::now() + limit;
    loop {
        if !identity.is_alive() {
            return true;
        }
        if Instant::now() >= end {
            return false;
        }
        sleep(GLANCE).await;
    }
}
