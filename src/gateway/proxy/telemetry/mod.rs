//! What is told of requests: the access log and the metrics. Source: facts/proxy.md 6 and facts/manifests.md 8.

mod account;
mod facts;
mod family;
mod line;
mod log;
mod metrics;
mod reason;
mod stats;
mod watched;

pub use account::Account;
pub use facts::{Facts, LlmFacts, McpFacts, Protocol};
pub use log::{LogTarget, write_log};
pub use reason::Reason;
pub use stats::serve_stats;

use metrics::Metrics;
use tokio::sync::mpsc;

/// Lines that may wait to be written; more are lost.
const WAITING_LINES: usize = 4096;

/// Where a proxy puts what it knows of its requests.
#[derive(Debug, Default)]
pub struct Telemetry {
    metrics: Metrics,
    lines: Option<mpsc::Sender<String>>,
}

impl Telemetry {
    /// With an access log, whose lines come out of the receiver; see [`write_log`].
    pub fn logging() -> (Self, mpsc::Receiver<String>) {
        let (lines, written) = mpsc::channel(WAITING_LINES);
        (Self { lines: Some(lines), ..Self::default() }, written)
    }

    /// All metrics as OpenMetrics text.
    pub fn render(&self) -> String {
        self.metrics.render()
    }

    /// Counts one check of a prompt guard.
    pub fn guardrail_check(&self, phase: &'static str, action: &'static str) {
        self.metrics.guardrail_check(phase, action);
    }

    fn settle(&self, facts: &Facts, took: std::time::Duration, counted: bool) {
        if counted {
            self.metrics.observe(facts, took);
        }
        if let Some(lines) = &self.lines {
            // A reader that cannot keep up loses lines; requests do not wait for it.
            let _ = lines.try_send(line::of(facts, took));
        }
    }
}
