//! The recorder that all mocks of a process share.

use super::entry::Entry;
use super::log::Log;
use super::shared::Shared;
use super::{Legible, Ticket};
use crate::exchange::{Lane, Recorded};
use http::request::Parts;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// What the mocks of a process received and answered. Clones share the same memory, which is bounded by
/// [`super::LANE_EXCHANGES`], [`super::LANE_BYTES`], [`super::TOTAL_BYTES`] and [`super::KEPT_BODY`].
#[derive(Debug, Clone)]
pub struct Recorder {
    log: Arc<Mutex<Log>>,
    ended: Arc<watch::Sender<()>>,
}

impl Recorder {
    /// A recorder that remembers nothing yet.
    pub(crate) fn new() -> Self {
        Self { log: Arc::default(), ended: Arc::new(watch::Sender::new(())) }
    }

    /// The exchanges of a lane in the order of arrival, with one mock or with all.
    pub fn recorded(&self, lane: &Lane, mock: Option<&str>) -> Recorded {
        self.lock().recorded(lane, mock)
    }

    /// The exchanges of all lanes in the order of arrival, with one mock or with all.
    pub fn all(&self, mock: Option<&str>) -> Recorded {
        self.lock().all(mock)
    }

    /// Waits until `count` exchanges have ended, or the time is over; then all that there are.
    pub async fn wait_for(&self, lane: &Lane, mock: Option<&str>, count: usize, timeout: Duration) -> Recorded {
        let mut changes = self.ended.subscribe();
        let enough = async {
            while self.lock().ended(lane, mock) < count {
                if changes.changed().await.is_err() {
                    return;
                }
            }
        };
        // Either way the caller gets what there is.
        let _ = tokio::time::timeout(timeout, enough).await;
        self.recorded(lane, mock)
    }

    /// Forgets the exchanges of a lane.
    pub fn forget(&self, lane: &Lane) {
        self.lock().forget(lane);
    }

    /// Opens an exchange, whose bodies `legible` makes readable; the ticket tells how it goes on.
    pub(in crate::mock) fn open(
        &self,
        lane: Lane,
        mock: &'static str,
        legible: Option<Legible>,
        parts: &Parts,
    ) -> Ticket {
        let entry = Entry::new(mock, legible, parts);
        let (sequence, entry) = self.lock().add(&lane, entry);
        Ticket::new(Told { recorder: self.clone(), lane, sequence, entry })
    }

    fn lock(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An exchange that is told how it goes on.
#[derive(Debug, Clone)]
pub(super) struct Told {
    recorder: Recorder,
    lane: Lane,
    sequence: u64,
    entry: Shared,
}

impl Told {
    /// Changes it; the log weighs it again where that matters.
    pub(super) fn change(&self, change: impl FnOnce(&mut Entry)) {
        let weight = {
            let mut entry = self.entry.lock();
            change(&mut entry);
            entry.reweighed()
        };
        if let Some(bytes) = weight {
            self.recorder.lock().weigh(&self.lane, self.sequence, bytes);
        }
    }

    /// Changes it for the last time.
    pub(super) fn end(&self, change: impl FnOnce(&mut Entry)) {
        self.change(change);
        self.recorder.ended.send_replace(());
    }
}
