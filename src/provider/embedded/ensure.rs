//! Starting the background process where none serves what is wanted.

use super::{Handshake, Observed};
use crate::{
    process::{Background, end_process},
    provider::{ClusterFacts, EmbeddedSpec, ProviderError},
};
use std::{
    net::{Ipv4Addr, TcpListener},
    path::PathBuf,
    time::{Duration, Instant},
};

/// How often the handshake is looked for.
const LOOK: Duration = Duration::from_millis(2);
/// Longest time for the process to come up.
const COME_UP: Duration = Duration::from_secs(20);

/// The embedded provider of one sandbox.
#[derive(Debug, Clone)]
pub struct Embedded {
    pub(super) home: PathBuf,
}

impl Embedded {
    /// The provider with the sandbox's state directory.
    pub fn new(home: PathBuf) -> Self {
        Self { home }
    }

    /// The log of the background process.
    pub fn log(&self) -> PathBuf {
        self.home.join("serve.log")
    }

    /// Brings the process about. Returns the facts, and whether it had to be started.
    pub async fn ensure(&self, spec: &EmbeddedSpec) -> Result<(ClusterFacts, bool), ProviderError> {
        match self.observe().await {
            Observed::Serving(handshake, facts) if self.fits(&handshake, spec) => return Ok((*facts, false)),
            Observed::Serving(..) | Observed::Silent(_) => {
                self.remove().await?;
            }
            Observed::Absent => {}
        }
        for port in &spec.exact_ports {
            if TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_err() {
                return Err(ProviderError::PortTaken { port: *port });
            }
        }
        self.start(spec).await.map(|facts| (facts, true))
    }

    async fn start(&self, spec: &EmbeddedSpec) -> Result<ClusterFacts, ProviderError> {
        let failed = |source| ProviderError::Start { log: self.log(), source };
        // A handshake of a process that died would be taken for that of the new one.
        match std::fs::remove_file(Handshake::path(&self.home)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        let background = Background {
            program: std::env::current_exe().map_err(failed)?,
            arguments: spec.serve_arguments(&self.home.to_string_lossy()).into_iter().map(Into::into).collect(),
            environment: Vec::new(),
            log: self.log(),
        };
        let process = background.start()?;
        let began = Instant::now();
        loop {
            if let Some(handshake) = Handshake::read(&self.home)
                && let Some(facts) = self.facts_of(&handshake)
            {
                return Ok(facts);
            }
            let ended = !process.is_alive();
            if ended || began.elapsed() > COME_UP {
                let last = self.last_words(if ended { "it ended at once" } else { "no handshake in 20 s" });
                // Whatever is left of it must not outlive this failure; that it is gone already is fine.
                let _ = end_process(&process, Duration::ZERO).await;
                return Err(ProviderError::NotUp { log: self.log(), last });
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    fn last_words(&self, otherwise: &str) -> String {
        let log = std::fs::read_to_string(self.log()).unwrap_or_default();
        log.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or(otherwise).to_owned()
    }
}
