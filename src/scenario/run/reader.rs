//! Reads the body of an answer: piece by piece, with the times of its events, no longer than its limits.

use super::{client::milliseconds, mcp::StreamEnd};
use crate::scenario::expect::{Answer, End};
use crate::wire::sse::Decoder;
use reqwest::Response;
use std::time::Instant as Began;
use tokio::time::{Instant, timeout_at};

/// Longest body that is read, in bytes.
const LONGEST_ANSWER: usize = 4 * 1024 * 1024;

/// When to stop.
pub(super) struct Limits {
    /// When the time is over.
    pub until: Instant,
    /// What that means.
    pub late: End,
    /// After so many events the client goes away.
    pub leaves_after: Option<usize>,
    /// This message of MCP is the end of a stream.
    pub ends: Option<StreamEnd>,
}

/// Reads one body.
pub(super) struct Reader {
    events: Option<Decoder>,
    began: Began,
    limits: Limits,
    body: Vec<u8>,
}

impl Reader {
    pub fn new(is_stream: bool, began: Began, limits: Limits) -> Self {
        Self { events: is_stream.then(Decoder::new), began, limits, body: Vec::new() }
    }

    /// Reads until the body ends, or one of the limits ends it.
    pub async fn read(mut self, mut response: Response, answer: &mut Answer) {
        answer.end = loop {
            match timeout_at(self.limits.until, response.chunk()).await {
                Err(_) => break self.limits.late,
                Ok(Err(_)) => break End::Cut,
                Ok(Ok(None)) => break End::Complete,
                Ok(Ok(Some(piece))) => {
                    self.body.extend_from_slice(&piece);
                    if let Some(end) = self.ended(&piece, answer) {
                        break end;
                    }
                }
            }
        };
        self.body.truncate(LONGEST_ANSWER);
        answer.body = String::from_utf8_lossy(&self.body).into_owned();
    }

    fn ended(&mut self, piece: &[u8], answer: &mut Answer) -> Option<End> {
        let now = milliseconds(self.began);
        let events = self.events.as_mut().map(|decoder| decoder.push(piece)).unwrap_or_default();
        answer.event_times.extend(events.iter().map(|_| now));
        if self.limits.ends.as_ref().is_some_and(|end| events.iter().any(|event| end.is(&event.data))) {
            return Some(End::Complete);
        }
        if self.limits.leaves_after.is_some_and(|events| answer.event_times.len() >= events) {
            return Some(End::Left);
        }
        (self.body.len() > LONGEST_ANSWER).then_some(End::TooLong)
    }
}
