//! The claim on the body of a request while it arrives.

use super::Recorder;
use crate::exchange::Lane;

/// The body of a request while it arrives; it may go on after the answer has ended.
#[derive(Debug, Clone)]
pub(in crate::mock) struct Receiving {
    recorder: Recorder,
    lane: Lane,
    sequence: u64,
}

impl Receiving {
    pub(super) fn new(recorder: Recorder, lane: Lane, sequence: u64) -> Self {
        Self { recorder, lane, sequence }
    }

    /// A piece of it has arrived.
    pub(in crate::mock) fn add(&self, bytes: &[u8]) {
        self.recorder.change(&self.lane, self.sequence, |entry| entry.received_body.add(bytes));
    }
}
