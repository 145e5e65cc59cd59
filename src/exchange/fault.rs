//! What a mock can do wrong on purpose.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One thing that a mock does wrong on purpose. The first fault of a lane that wants a request has it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Fault {
    /// How many requests it applies to; left out: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// Applies to this request of the lane only, counted from 1 since the behaviour was set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nth: Option<u64>,
    /// Applies to a request with this probability, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// Which requests the probability hits; equal seeds hit equal ones.
    #[serde(skip_serializing_if = "is_zero")]
    pub seed: u64,
    /// Answers with this HTTP status and the vendor's own error body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Answers with this body instead of the vendor's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Answers with the HTML page of a proxy that found no upstream; the status is 502 unless one is given.
    #[serde(skip_serializing_if = "is_false")]
    pub html: bool,
    /// Answers with no body at all; the status is 200 unless one is given.
    #[serde(skip_serializing_if = "is_false")]
    pub empty: bool,
    /// Headers added to the answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// The content type that the answer claims to have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// Compresses the answer with gzip, whatever the client asked for; the same as `encoding: gzip`.
    #[serde(skip_serializing_if = "is_false")]
    pub gzip: bool,
    /// Encodes the answer in this way, whatever the client asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Encoding>,
    /// Changes to the JSON of the answer, and of each event of a stream, as in RFC 6902: fields that nobody knows, fields
    /// that are missing, nulls, words that are in no list, wrong usage. A change that does not fit is left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub patch: Vec<Value>,
    /// Answers as a server does that speaks HTTP/1.0 only: without chunks, the end of the connection ends the body.
    #[serde(skip_serializing_if = "is_false")]
    pub http10: bool,
    /// Lets the connection end with this answer: GOAWAY in HTTP/2, `connection: close` before.
    #[serde(skip_serializing_if = "is_false")]
    pub go_away: bool,
    /// Headers behind the body of the answer. Before HTTP/2 only clients get them that say `te: trailers`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trailers: Vec<(String, String)>,
    /// Milliseconds to wait before the first byte of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// Ends the connection after this many events of a stream; the same as `cut: {afterEvents: …}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut_after_events: Option<u32>,
    /// Closes the connection at this moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut: Option<Moment>,
    /// Resets the connection (TCP RST) at this moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reset: Option<Moment>,
    /// Falls silent at this moment and keeps the connection, for at most ten minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hang: Option<Moment>,
    /// Ends the body at this moment as though it were whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truncate: Option<Moment>,
    /// Sends the vendor's error event after so many events, and ends the stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_event: Option<ErrorEvent>,
    /// Breaks the format of the answer, or of the second event of a stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub malformed: Option<Malformed>,
    /// Whether the last event of a stream is missing or comes twice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terminator: Option<Terminator>,
    /// Sends the body in small pieces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drip: Option<Drip>,
    /// Blows the body up to at least this many bytes: white space before JSON, comments before the events of a stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oversize: Option<u64>,
    /// Writes the events of a stream in another way that the standard allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub writing: Option<Writing>,
}

/// A moment in an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Moment {
    /// Before the first byte of the answer.
    BeforeHeaders,
    /// After the head, before the body.
    AfterHeaders,
    /// After so many events of a stream.
    AfterEvents(u32),
    /// After so many bytes of the body.
    AfterBytes(u64),
}

/// An error in the middle of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ErrorEvent {
    /// How many good events come before it.
    pub after_events: u32,
    /// The status whose error it is; left out: 500.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
}

/// How an answer breaks its format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Malformed {
    /// JSON that ends in the middle.
    Json,
    /// A server-sent event without its field name.
    Sse,
    /// A binary frame whose last byte, a part of its checksum, is wrong.
    Frame,
    /// A binary frame that claims to be longer than any may be.
    Length,
    /// Bytes that are not UTF-8.
    Utf8,
}

/// How the body of an answer is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Encoding {
    /// RFC 1952.
    Gzip,
    /// RFC 1950, which HTTP calls `deflate`.
    Deflate,
    /// RFC 7932, which HTTP calls `br`.
    Br,
    /// RFC 8878.
    Zstd,
}

/// What becomes of the last event of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Terminator {
    /// It does not come.
    Missing,
    /// It comes twice.
    Twice,
    /// The empty line that ends it does not come.
    Unfinished,
}

/// A body in small pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Drip {
    /// How many bytes a piece has.
    pub bytes: u32,
    /// Milliseconds before each piece.
    #[serde(default)]
    pub every_ms: u64,
}

/// Other ways of writing server-sent events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Writing {
    /// Lines end with CR and LF.
    Crlf,
    /// A comment stands before each event.
    Comments,
    /// The stream begins with a byte order mark.
    Bom,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

fn is_false(flag: &bool) -> bool {
    !*flag
}
