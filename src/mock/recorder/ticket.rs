//! The claim on one exchange while it goes on.

use super::Recorder;
use super::kept::Kept;
use crate::exchange::{Lane, Outcome, Sent};
use jiff::Timestamp;

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
        let (text, base64) = kept.into_texts();
        self.recorder.change(&self.lane, self.sequence, |exchange| {
            exchange.received.body = text;
            exchange.received.body_base64 = base64;
        });
    }

    /// The head of the answer goes out.
    pub(in crate::mock) fn answering(&mut self, status: u16, headers: Vec<(String, String)>) {
        let sent = Sent { status, headers, ..Sent::default() };
        self.recorder.change(&self.lane, self.sequence, |exchange| {
            exchange.sent = Some(sent);
            exchange.answered_at = Some(Timestamp::now());
        });
    }

    /// A piece of the answer goes out.
    pub(in crate::mock) fn sending(&mut self, bytes: &[u8]) {
        self.sent.add(bytes);
    }

    /// The exchange has ended. Only the first end counts.
    pub(in crate::mock) fn end(&mut self, outcome: Outcome) {
        if self.outcome != Outcome::Open {
            return;
        }
        self.outcome = outcome;
        let (text, base64) = std::mem::take(&mut self.sent).into_texts();
        self.recorder.change(&self.lane, self.sequence, |exchange| {
            exchange.outcome = outcome;
            exchange.ended_at = Some(Timestamp::now());
            if let Some(sent) = &mut exchange.sent {
                sent.body = text;
                sent.body_base64 = base64;
            }
        });
        self.recorder.tell_of_end();
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.end(Outcome::ClientLeft);
    }
}
