//! The way from those who emit facts to those who show them.

use super::Fact;
use serde::Serialize;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// A fact with its time.
#[derive(Debug, Clone, Serialize)]
pub struct Event {
    /// Wall-clock time.
    pub at: jiff::Timestamp,
    /// Time since the command began.
    #[serde(skip)]
    pub elapsed: Duration,
    /// What happened.
    #[serde(flatten)]
    pub fact: Fact,
}

/// The emitting end; cheap to clone. Emitting never blocks and never fails.
#[derive(Debug, Clone)]
pub struct Events {
    began: Instant,
    sender: mpsc::UnboundedSender<Event>,
}

/// The receiving end: yields events in order until every [`Events`] is gone.
pub type Subscription = mpsc::UnboundedReceiver<Event>;

impl Events {
    /// A new bus, whose clock starts now.
    pub fn new() -> (Self, Subscription) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self { began: Instant::now(), sender }, receiver)
    }

    /// A bus that nobody listens to.
    pub fn silent() -> Self {
        Self::new().0
    }

    /// Tells that something happened.
    pub fn emit(&self, fact: Fact) {
        // Nobody listening is no reason to stop working.
        let _ = self.sender.send(Event { at: jiff::Timestamp::now(), elapsed: self.began.elapsed(), fact });
    }

    /// Time since the bus was made.
    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }
}
