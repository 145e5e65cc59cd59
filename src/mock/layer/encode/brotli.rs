//! Brotli, RFC 7932, in uncompressed meta-blocks.

use bytes::Bytes;

/// The longest meta-block whose length has four nibbles.
const LONGEST_BLOCK: usize = 65_536;
/// A window of 64 KiB is one bit, 0, before the first meta-block.
const WINDOW_BITS: usize = 1;
/// The last meta-block is empty: two bits.
const END: u8 = 0b11;

/// These bytes as a brotli stream.
pub(super) fn brotli(bytes: &[u8]) -> Bytes {
    if bytes.is_empty() {
        return Bytes::from(vec![END << WINDOW_BITS]);
    }
    let mut stream = Vec::with_capacity(bytes.len() + 16);
    for (place, block) in bytes.chunks(LONGEST_BLOCK).enumerate() {
        // Not the last, four nibbles, the length less one, uncompressed: 0, 00, 16 bits, 1. The rest of the byte is empty.
        let length = (block.len() - 1) as u32;
        let head = (length << 3) | (1 << 19);
        let head = if place == 0 { head << WINDOW_BITS } else { head };
        stream.extend(&head.to_le_bytes()[..3]);
        stream.extend(block);
    }
    stream.push(END);
    stream.into()
}
