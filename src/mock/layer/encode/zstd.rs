//! Zstandard, RFC 8878, in raw blocks.

use bytes::Bytes;

/// The longest block, which is the size of the window too.
const LONGEST_BLOCK: usize = 128 * 1024;
/// Magic number, a header that has a window and nothing else, a window of 128 KiB.
const HEAD: [u8; 6] = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38];

/// These bytes as a frame.
pub(super) fn zstd(bytes: &[u8]) -> Bytes {
    let mut frame = HEAD.to_vec();
    let blocks = bytes.len().div_ceil(LONGEST_BLOCK).max(1);
    for place in 0..blocks {
        let start = place * LONGEST_BLOCK;
        let block = &bytes[start..bytes.len().min(start + LONGEST_BLOCK)];
        // One bit says whether it is the last, two are 0 for a raw block, and the size follows.
        let head = ((block.len() as u32) << 3) | u32::from(place + 1 == blocks);
        frame.extend(&head.to_le_bytes()[..3]);
        frame.extend(block);
    }
    frame.into()
}
