//! A process that outlives the command that starts it.

use super::ProcessIdentity;
use miette::Diagnostic;
use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use thiserror::Error;

/// How a background process is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Background {
    /// The executable.
    pub program: PathBuf,
    /// Its arguments; never secrets, everybody on the machine can read them.
    pub arguments: Vec<OsString>,
    /// Variables beside those that it inherits.
    pub environment: Vec<(OsString, OsString)>,
    /// The file that its output is appended to, readable by its owner only.
    pub log: PathBuf,
}

/// Why a background process did not start.
#[derive(Debug, Error, Diagnostic)]
pub enum BackgroundError {
    /// The log file cannot be written.
    #[error("the log {} cannot be opened", path.display())]
    #[diagnostic(code("PROCESS-01"), help("choose a folder that you may write to: AGW_SANDBOX_HOME"))]
    Log {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },

    /// The executable does not start.
    #[error("{} cannot be started", program.display())]
    #[diagnostic(code("PROCESS-02"), help("it must be an executable file of this machine's kind"))]
    Start {
        /// The executable.
        program: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },

    /// It was gone before it could be looked at.
    #[error("{} ended at once", program.display())]
    #[diagnostic(code("PROCESS-03"), help("its last words are in {}", log.display()))]
    EndedAtOnce {
        /// The executable.
        program: PathBuf,
        /// Its log.
        log: PathBuf,
    },
}

impl Background {
    /// Starts it in a process group of its own, so that a Ctrl-C in the terminal does not reach it, with no input and
    /// with its output in the log.
    pub fn start(&self) -> Result<ProcessIdentity, BackgroundError> {
        let in_log = |source| BackgroundError::Log { path: self.log.clone(), source };
        let log = OpenOptions::new().create(true).append(true).mode(0o600).open(&self.log).map_err(in_log)?;
        let errors = log.try_clone().map_err(in_log)?;
        let child = Command::new(&self.program)
            .args(&self.arguments)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .process_group(0)
            .spawn()
            .map_err(|source| BackgroundError::Start { program: self.program.clone(), source })?;
        ProcessIdentity::of(child.id())
            .ok_or_else(|| BackgroundError::EndedAtOnce { program: self.program.clone(), log: self.log.clone() })
    }
}
