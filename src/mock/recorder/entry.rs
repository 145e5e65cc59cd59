//! An exchange as it is kept: compact, and made readable only when somebody reads it.

use super::kept::Kept;
use super::{Legible, Seen};
use crate::exchange::{Exchange, Lane, Outcome, Received, Sent, mask_header, mask_target};
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode, Version};
use jiff::Timestamp;

/// What an exchange takes beside its texts, roughly.
const OVERHEAD: usize = 640;
/// So many bytes may come or go before an open exchange is weighed again.
const SLACK: usize = 8 * 1024;

/// One exchange.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) sequence: u64,
    pub(super) mock: &'static str,
    pub(super) outcome: Outcome,
    pub(super) received_body: Kept,
    /// What it took when it was last weighed, in bytes.
    pub(super) weighed: usize,
    legible: Option<Legible>,
    at: Timestamp,
    answered_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    version: Version,
    method: Method,
    target: String,
    headers: Headers,
    sent: Option<(StatusCode, Headers)>,
    sent_body: Kept,
    trailers: Headers,
}

/// Headers in one piece of memory: name, colon, value, line feed. A name has no colon and a value no line feed.
#[derive(Debug, Default)]
struct Headers(Vec<u8>);

impl Headers {
    fn of(headers: &HeaderMap) -> Self {
        let size = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 2).sum();
        let mut bytes = Vec::with_capacity(size);
        for (name, value) in headers {
            bytes.extend_from_slice(name.as_str().as_bytes());
            bytes.push(b':');
            bytes.extend_from_slice(value.as_bytes());
            bytes.push(b'\n');
        }
        Self(bytes)
    }

    /// The first value of this name, which is given in lower case.
    fn get(&self, name: &str) -> Option<&str> {
        let mut lines = self.0.split(|byte| *byte == b'\n');
        let value = lines.find_map(|line| line.strip_prefix(name.as_bytes())?.strip_prefix(b":"))?;
        std::str::from_utf8(value).ok()
    }

    /// As they are shown: credentials are masked.
    fn shown(&self) -> Vec<(String, String)> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let lines = self.0.split(|byte| *byte == b'\n').filter_map(|line| {
            let colon = line.iter().position(|byte| *byte == b':')?;
            let (name, value) = (text(&line[..colon]), text(&line[colon + 1..]));
            let value = mask_header(&name, &value);
            Some((name, value))
        });
        lines.collect()
    }
}

impl Entry {
    /// An exchange whose head has just arrived.
    pub(super) fn new(mock: &'static str, legible: Option<Legible>, parts: &Parts) -> Self {
        let mut entry = Self {
            sequence: 0,
            weighed: 0,
            mock,
            outcome: Outcome::Open,
            received_body: Kept::default(),
            legible,
            at: Timestamp::now(),
            answered_at: None,
            ended_at: None,
            version: parts.version,
            method: parts.method.clone(),
            target: parts.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned(),
            headers: Headers::of(&parts.headers),
            sent: None,
            sent_body: Kept::default(),
            trailers: Headers::default(),
        };
        entry.weighed = entry.weight();
        entry
    }

    /// What it takes now, if it has to be weighed again.
    pub(super) fn reweighed(&mut self) -> Option<usize> {
        let weight = self.weight();
        let is_due = self.outcome != Outcome::Open || weight.abs_diff(self.weighed) > SLACK;
        is_due.then(|| {
            self.weighed = weight;
            weight
        })
    }

    /// The head of the answer goes out.
    pub(super) fn answer(&mut self, status: StatusCode, headers: &HeaderMap) {
        self.sent = Some((status, Headers::of(headers)));
        self.answered_at = Some(Timestamp::now());
    }

    /// Headers behind the answer go out.
    pub(super) fn trail(&mut self, trailers: &HeaderMap) {
        self.trailers = Headers::of(trailers);
    }

    /// It has ended, after this body.
    pub(super) fn end(&mut self, outcome: Outcome, body: Kept) {
        self.outcome = outcome;
        self.sent_body = body;
        self.ended_at = Some(Timestamp::now());
    }

    /// What it takes, in bytes.
    pub(super) fn weight(&self) -> usize {
        let sent = self.sent.as_ref().map_or(0, |(_, headers)| headers.0.len());
        let heads = self.target.len() + self.headers.0.len() + sent + self.trailers.0.len();
        OVERHEAD + heads + self.received_body.len() + self.sent_body.len()
    }

    /// As it is shown.
    pub(super) fn exchange(&self, lane: &Lane) -> Exchange {
        let (body, body_base64) = self.texts(&self.headers, &self.received_body, false);
        Exchange {
            sequence: self.sequence,
            lane: lane.clone(),
            mock: self.mock.to_owned(),
            at: self.at,
            answered_at: self.answered_at,
            ended_at: self.ended_at,
            received: Received {
                version: format!("{:?}", self.version),
                method: self.method.to_string(),
                target: mask_target(&self.target),
                headers: self.headers.shown(),
                body,
                body_base64,
            },
            sent: self.sent.as_ref().map(|(status, headers)| {
                let (body, body_base64) = self.texts(headers, &self.sent_body, true);
                let trailers = self.trailers.shown();
                Sent { status: status.as_u16(), headers: headers.shown(), body, body_base64, trailers }
            }),
            outcome: self.outcome,
        }
    }

    /// A body as text, and as Base64 where it is neither text nor made legible.
    fn texts(&self, headers: &Headers, body: &Kept, is_answer: bool) -> (String, Option<String>) {
        let seen = Seen {
            target: &self.target,
            is_answer,
            content_type: headers.get("content-type").unwrap_or_default(),
            encoding: headers.get("grpc-encoding").or(headers.get("content-encoding")).unwrap_or_default(),
            bytes: body.bytes(),
        };
        match self.legible.and_then(|legible| legible(seen)) {
            Some(text) => (body.noted(text), None),
            None => body.texts(),
        }
    }
}
