//! Any bytes as server-sent events: in pieces they mean what they mean as a whole, and written events are read back.

use agw_sandbox::wire::sse::{Decoder, SseEvent};

/// The first byte is the length of a piece.
pub fn run(bytes: &[u8]) {
    let Some((size, stream)) = bytes.split_first() else { return };
    let whole = Decoder::new().push(stream);
    let mut decoder = Decoder::new();
    let in_pieces: Vec<SseEvent> =
        stream.chunks(usize::from(*size).max(1)).flat_map(|piece| decoder.push(piece)).collect();
    assert_eq!(whole, in_pieces);
    let written: String = whole.iter().map(ToString::to_string).collect();
    assert_eq!(Decoder::new().push(written.as_bytes()), whole);
}
