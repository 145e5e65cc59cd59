//! The claim on one exchange while it goes on.

use super::kept::Kept;
use super::{Receiving, Recorder};
use crate::exchange::{Lane, Outcome};
use http::{HeaderMap, StatusCode};

/// One exchange while it goes on. When it is dropped without an end, the client has left.
#[derive(Debug)]
pub(in crate::mock) struct Ticket {
    recorder: Recorder,
    lane: Lane,
    sequence: u64,
    sent: Kept,
    outcome: Outcome,
}

impl Ticket {
    pub(super) fn new(recorder: Recorder, lane: Lane, sequence: u64) -> Self {
        Self { recorder, lane, sequence, sent: Kept::default(), outcome: Outcome::Open }
    }

    /// The request's body has arrived, as far as it was read.
    pub(in crate::mock) fn received_body(&mut self, body: &[u8]) {
        let mut kept = Kept::default();
        kept.add(body);
        self.recorder.change(&self.lane, self.sequence, |entry| entry.received_body = kept);
    }

    /// The request's body is about to arrive.
    pub(in crate::mock) fn receiving(&self) -> Receiving {
        Receiving::new(self.recorder.clone(), self.lane.clone(), self.sequence)
    }

    /// The head of the answer goes out.
    pub(in crate::mock) fn answering(&mut self, status: StatusCode, headers: &HeaderMap) {
        self.recorder.change(&self.lane, self.sequence, |entry| entry.answer(status, headers));
    }

    /// A piece of the answer goes out.
    pub(in crate::mock) fn sending(&mut self, bytes: &[u8]) {
        self.sent.add(bytes);
    }

    /// The headers behind the answer go out.
    pub(in crate::mock) fn trailing(&mut self, trailers: &HeaderMap) {
        self.recorder.change(&self.lane, self.sequence, |entry| entry.trail(trailers));
    }

    /// The exchange has ended. Only the first end counts.
    pub(in crate::mock) fn end(&mut self, outcome: Outcome) {
        if self.outcome != Outcome::Open {
            return;
        }
        self.outcome = outcome;
        let body = std::mem::take(&mut self.sent);
        self.recorder.change(&self.lane, self.sequence, |entry| entry.end(outcome, body));
        self.recorder.tell_of_end();
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.end(Outcome::ClientLeft);
    }
}
