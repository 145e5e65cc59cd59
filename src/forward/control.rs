//! The forwarding process, seen from commands: found, started, asked, ended.

use super::{
    Forward, ForwardError, ForwardTarget,
    call::{Answer, Call, ask},
    handshake::Handshake,
};
use crate::process::{Background, end_process};
use std::{
    path::Path,
    time::{Duration, Instant},
};

/// Time for the process to come up.
const COME_UP: Duration = Duration::from_secs(10);
/// Pause between two looks at it.
const LOOK: Duration = Duration::from_millis(10);
/// Time that it gets to end by itself.
const GRACE: Duration = Duration::from_secs(3);

/// The port of this machine that leads to a Service already.
pub fn find(home: &Path, to: &ForwardTarget) -> Option<u16> {
    let forwards = Handshake::alive(home)?.forwards;
    forwards.into_iter().find(|forward| forward.to == *to).map(|forward| forward.here)
}

/// Opens a port of this machine that leads to a Service, by a process that is started where none runs. `prefer` is tried first.
///
/// # Errors
/// FORWARD-01: the process does not come up. FORWARD-02: it refuses.
pub async fn open(home: &Path, to: &ForwardTarget, prefer: u16) -> Result<Forward, ForwardError> {
    let handshake = running(home).await?;
    let refused = |why: String| ForwardError::Refused { target: to.clone(), why };
    match ask(&handshake.socket, &Call { to: to.clone(), prefer }).await {
        Ok(Answer::Open(forward)) => Ok(forward),
        Ok(Answer::Refused(why)) => Err(refused(why)),
        Err(error) => Err(refused(error.to_string())),
    }
}

/// Ends the process, if one runs. Returns whether one did.
///
/// # Errors
/// It does not end.
pub async fn end(home: &Path) -> Result<bool, ForwardError> {
    let Some(handshake) = Handshake::read(home) else { return Ok(false) };
    let lived = handshake.process.is_alive();
    end_process(&handshake.process, GRACE).await?;
    for path in [handshake.socket, Handshake::path(home)] {
        // It usually takes its socket with it.
        let _ = std::fs::remove_file(path);
    }
    Ok(lived)
}

async fn running(home: &Path) -> Result<Handshake, ForwardError> {
    match Handshake::alive(home) {
        Some(handshake) if handshake.version == env!("CARGO_PKG_VERSION") => return Ok(handshake),
        // What it forwards is kept, so that its successor opens the same ports.
        Some(older) => drop(end_process(&older.process, GRACE).await?),
        None => {}
    }
    let log = home.join("forward.log");
    let failed = |why: String| ForwardError::NotUp { why, log: log.clone() };
    let process = Background {
        program: std::env::current_exe().map_err(|error| failed(error.to_string()))?,
        arguments: vec!["forward".into(), "--state".into(), home.as_os_str().to_owned()],
        environment: Vec::new(),
        log: log.clone(),
    }
    .start()?;
    let began = Instant::now();
    loop {
        if let Some(handshake) = Handshake::read(home).filter(|handshake| handshake.process == process) {
            return Ok(handshake);
        }
        let ended = !process.is_alive();
        if ended || began.elapsed() > COME_UP {
            // Whatever is left of it must not outlive this failure.
            let _ = end_process(&process, Duration::ZERO).await;
            let told = std::fs::read_to_string(&log).unwrap_or_default();
            let last = told.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it said nothing");
            return Err(failed(last.to_owned()));
        }
        tokio::time::sleep(LOOK).await;
    }
}
