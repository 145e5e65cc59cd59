//! Frames of `application/vnd.amazon.eventstream`, written.
//!
//! A frame is its length, the length of its headers, the CRC-32 of those two, the headers, the payload, and the CRC-32
//! of all before it; numbers are big-endian.

use bytes::{BufMut, Bytes, BytesMut};

/// The media type of a stream of frames.
pub const CONTENT_TYPE: &str = "application/vnd.amazon.eventstream";
/// The type of a header whose value is text.
const TEXT: u8 = 7;
/// What a frame takes beside headers and payload, in bytes.
const FIXED: usize = 16;

/// One frame. Names of headers are cut after 255 bytes, values after 65,535.
pub fn frame(headers: &[(&str, &str)], payload: &[u8]) -> Bytes {
    let mut encoded = BytesMut::new();
    for (name, value) in headers {
        let (name, value) = (&name.as_bytes()[..name.len().min(255)], &value.as_bytes()[..value.len().min(65_535)]);
        encoded.put_u8(name.len() as u8);
        encoded.put_slice(name);
        encoded.put_u8(TEXT);
        encoded.put_u16(value.len() as u16);
        encoded.put_slice(value);
    }
    of_parts(&encoded, payload)
}

fn of_parts(encoded: &[u8], payload: &[u8]) -> Bytes {
    let length = FIXED + encoded.len() + payload.len();
    let mut frame = BytesMut::with_capacity(length);
    frame.put_u32(length as u32);
    frame.put_u32(encoded.len() as u32);
    frame.put_u32(crc32fast::hash(&frame));
    frame.put_slice(encoded);
    frame.put_slice(payload);
    frame.put_u32(crc32fast::hash(&frame));
    frame.freeze()
}

/// An event with a JSON payload.
pub fn event(kind: &str, payload: &[u8]) -> Bytes {
    frame(&[(":event-type", kind), (":content-type", "application/json"), (":message-type", "event")], payload)
}

/// An exception that ends the stream.
pub fn exception(kind: &str, payload: &[u8]) -> Bytes {
    frame(&[(":exception-type", kind), (":content-type", "application/json"), (":message-type", "exception")], payload)
}

/// The payload of bytes that are one whole frame. Checksums are not looked at.
pub fn payload_of(frame: &[u8]) -> Option<&[u8]> {
    let number = |at: usize| Some(u32::from_be_bytes(frame.get(at..at + 4)?.try_into().ok()?) as usize);
    let (length, headers) = (number(0)?, number(4)?);
    if length != frame.len() || crc32fast::hash(frame.get(..8)?) as usize != number(8)? {
        return None;
    }
    frame.get(12_usize.checked_add(headers)?..length.checked_sub(4)?)
}

/// A frame with the headers of this one and another payload.
pub fn with_payload(frame: &[u8], payload: &[u8]) -> Option<Bytes> {
    let headers = frame.get(12..frame.len().checked_sub(payload_of(frame)?.len() + 4)?)?;
    Some(of_parts(headers, payload))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_smithy_eventstream::frame::read_message_from;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_decoder_of_others_reads_what_is_written(
            headers in prop::collection::vec(("[a-z:-]{1,40}", ".{0,60}"), 0..5),
            payload in prop::collection::vec(any::<u8>(), 0..300),
            broken in any::<prop::sample::Index>(),
        ) {
            let given: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let written = frame(&given, &payload);
            let read = read_message_from(&mut written.clone()).unwrap();
            prop_assert_eq!(read.payload().as_ref(), payload.as_slice());
            let names: Vec<(String, String)> = read.headers().iter()
                .map(|header| (header.name().as_str().to_owned(), header.value().as_string().unwrap().as_str().to_owned()))
                .collect();
            prop_assert_eq!(names, headers);
            let mut spoilt = written.to_vec();
            let index = broken.index(spoilt.len());
            spoilt[index] ^= 1;
            prop_assert!(read_message_from(&mut spoilt.as_slice()).is_err());
        }
    }
}
