//! The claim on one exchange while it goes on.

use super::Receiving;
use super::kept::Kept;
use super::store::Told;
use crate::exchange::Outcome;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};

/// One exchange while it goes on. When it is dropped without an end, the client has left.
#[derive(Debug)]
pub(in crate::mock) struct Ticket {
    exchange: Told,
    sent: Kept,
    outcome: Outcome,
}

impl Ticket {
    pub(super) fn new(exchange: Told) -> Self {
        Self { exchange, sent: Kept::default(), outcome: Outcome::Open }
    }

    /// The request's body has arrived, as far as it was read.
    pub(in crate::mock) fn received_body(&mut self, body: &[u8]) {
        let mut kept = Kept::default();
        kept.add(body);
        self.exchange.change(|entry| entry.received_body = kept);
    }

    /// The request's body is about to arrive.
    pub(in crate::mock) fn receiving(&self) -> Receiving {
        Receiving::new(self.exchange.clone())
    }

    /// The head of the answer goes out.
    pub(in crate::mock) fn answering(&mut self, status: StatusCode, headers: &HeaderMap) {
        self.exchange.change(|entry| entry.answer(status, headers));
    }

    /// What goes out next is this body, from its first byte on, and nothing else.
    pub(in crate::mock) fn sending_of(&mut self, whole: Bytes) {
        self.sent = Kept::of(whole);
    }

    /// A piece of the answer goes out.
    pub(in crate::mock) fn sending(&mut self, bytes: &[u8]) {
        self.sent.add(bytes);
    }

    /// The headers behind the answer go out.
    pub(in crate::mock) fn trailing(&mut self, trailers: &HeaderMap) {
        self.exchange.change(|entry| entry.trail(trailers));
    }

    /// The exchange has ended. Only the first end counts.
    pub(in crate::mock) fn end(&mut self, outcome: Outcome) {
        if self.outcome != Outcome::Open {
            return;
        }
        self.outcome = outcome;
        let body = std::mem::take(&mut self.sent);
        self.exchange.end(|entry| entry.end(outcome, body));
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.end(Outcome::ClientLeft);
    }
}
