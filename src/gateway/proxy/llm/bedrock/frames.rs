//! Frames of `application/vnd.amazon.eventstream`, cut out of a stream as they arrive. Source: facts/conformance.md C.6.

use crate::gateway::proxy::body::{Body, BoxError};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt, stream};
use serde_json::Value;

/// Bytes that one frame may have.
const LONGEST: usize = 16 * 1024 * 1024;
/// Lengths and their checksum.
const PRELUDE: usize = 12;
/// The checksum of all.
const TRAILER: usize = 4;
/// The type of a header whose value is text.
const TEXT: u8 = 7;

/// What a frame says.
#[derive(Debug, Clone, PartialEq)]
pub enum Frame {
    /// An event: its name and its JSON.
    Event(String, Value),
    /// Anything that is no event: an exception, or what nobody understands.
    Other,
}

/// The frames of a body. A broken frame, and an end in the middle of one, are errors.
pub fn frames(body: Body) -> impl Stream<Item = Result<Frame, BoxError>> + Send + 'static {
    let pieces = Box::pin(body.into_pieces());
    stream::try_unfold((pieces, BytesMut::new()), |(mut pieces, mut buffer)| async move {
        loop {
            if let Some(frame) = take(&mut buffer)? {
                return Ok(Some((read(&frame), (pieces, buffer))));
            }
            match pieces.next().await.transpose()? {
                Some(piece) => buffer.extend_from_slice(&piece),
                None if buffer.is_empty() => return Ok(None),
                None => return Err("the stream ended inside of a frame".into()),
            }
        }
    })
}

/// Takes the first whole frame off the buffer, after a look at its checksums.
fn take(buffer: &mut BytesMut) -> Result<Option<Bytes>, BoxError> {
    let Some(length) = number(buffer, 0) else { return Ok(None) };
    if buffer.len() < PRELUDE {
        return Ok(None);
    }
    if number(buffer, 8) != Some(crc32fast::hash(&buffer[..8])) {
        return Err("the checksum of a frame's lengths is wrong".into());
    }
    let length = length as usize;
    if !(PRELUDE + TRAILER..=LONGEST).contains(&length) {
        return Err("the length of a frame is impossible".into());
    }
    if buffer.len() < length {
        return Ok(None);
    }
    let frame = buffer.split_to(length).freeze();
    if number(&frame, length - TRAILER) != Some(crc32fast::hash(&frame[..length - TRAILER])) {
        return Err("the checksum of a frame is wrong".into());
    }
    Ok(Some(frame))
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes)
}

fn read(frame: &[u8]) -> Frame {
    let payload_at = number(frame, 4).map_or(frame.len(), |headers| PRELUDE.saturating_add(headers as usize));
    let Some(headers) = frame.get(PRELUDE..payload_at) else { return Frame::Other };
    let payload = frame.get(payload_at..frame.len() - TRAILER).unwrap_or_default();
    if header(headers, ":message-type").as_deref() != Some("event") {
        return Frame::Other;
    }
    match (header(headers, ":event-type"), serde_json::from_slice(payload)) {
        (Some(name), Ok(payload)) => Frame::Event(name, payload),
        _ => Frame::Other,
    }
}

/// The value of a header; those before it are texts too, as in all streams of Bedrock.
fn header(mut headers: &[u8], wanted: &str) -> Option<String> {
    while let Some((length, rest)) = headers.split_first() {
        let (name, rest) = rest.split_at_checked(usize::from(*length))?;
        let (kind, rest) = rest.split_first()?;
        let (length, rest) = rest.split_first_chunk::<2>()?;
        let (value, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        if *kind != TEXT {
            return None;
        }
        if name == wanted.as_bytes() {
            return String::from_utf8(value.to_vec()).ok();
        }
        headers = rest;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::event_stream;
    use futures_util::{FutureExt, TryStreamExt};

    fn read_in(bytes: &[u8], size: usize) -> Result<Vec<Frame>, String> {
        let pieces: Vec<Result<Bytes, BoxError>> =
            bytes.chunks(size).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
        let found = frames(Body::from_stream(stream::iter(pieces))).try_collect().now_or_never().unwrap();
        found.map_err(|error: BoxError| error.to_string())
    }

    #[test]
    fn frames_do_not_depend_on_how_they_are_cut() {
        let event = event_stream::event("messageStart", br#"{"role":"assistant"}"#);
        let exception = event_stream::exception("throttlingException", br#"{"message":"slow"}"#);
        let expected =
            vec![Frame::Event("messageStart".to_owned(), serde_json::json!({"role": "assistant"})), Frame::Other];
        for size in [1, 7, 4096] {
            assert_eq!(read_in(&[&event[..], &exception[..]].concat(), size).unwrap(), expected);
        }
    }

    #[test]
    fn broken_frames_are_no_clean_end() {
        let frame = event_stream::event("messageStart", b"{}");
        assert_eq!(read_in(&frame[..frame.len() - 1], 9).unwrap_err(), "the stream ended inside of a frame");
        let mut wrong = frame.to_vec();
        if let Some(last) = wrong.last_mut() {
            *last ^= 1;
        }
        assert_eq!(read_in(&wrong, 9).unwrap_err(), "the checksum of a frame is wrong");
    }
}
