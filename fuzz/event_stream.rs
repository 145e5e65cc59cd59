//! Any headers and payload as a frame: a decoder that is not ours reads what was written, and no byte of it may change.

use agw_sandbox::wire::event_stream::{frame, payload_of, with_payload};
use aws_smithy_eventstream::frame::read_message_from;

/// The first byte says how many headers there are; each is a name, a zero, a value, a zero; the payload follows.
pub fn run(bytes: &[u8]) {
    // Bytes of others are taken apart without harm.
    let _ = with_payload(bytes, b"{}");
    let Some((count, mut rest)) = bytes.split_first() else { return };
    let mut texts = Vec::new();
    for _ in 0..usize::from(*count % 8) * 2 {
        let Some(end) = rest.iter().position(|byte| *byte == 0) else { break };
        let Ok(text) = std::str::from_utf8(&rest[..end]) else { return };
        texts.push(text);
        rest = &rest[end + 1..];
    }
    // The independent decoder refuses names that are empty or too long, as the format does.
    let headers: Vec<(&str, &str)> = texts
        .chunks_exact(2)
        .map(|pair| (pair[0], pair[1]))
        .filter(|(name, value)| (1..=255).contains(&name.len()) && value.len() < 32_768)
        .collect();
    let written = frame(&headers, rest);
    let read = read_message_from(&mut written.clone()).expect("a frame that others read");
    assert_eq!(read.payload().as_ref(), rest);
    assert_eq!(read.headers().len(), headers.len());
    for (header, (name, value)) in read.headers().iter().zip(&headers) {
        assert_eq!(header.name().as_str(), *name);
        assert_eq!(header.value().as_string().map(|text| text.as_str()), Ok(*value));
    }
    assert_eq!(payload_of(&written), Some(rest));
    let place = usize::from(*count) % written.len();
    let mut spoilt = written.to_vec();
    spoilt[place] ^= 1;
    assert!(read_message_from(&mut spoilt.as_slice()).is_err(), "a changed byte is noticed");
}
