//! Gzip, RFC 1952, in stored blocks.

use bytes::Bytes;

/// The longest stored block.
const LONGEST_BLOCK: usize = 65_535;
/// Magic number, method deflate, no flags, no time, unknown system.
const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// These bytes as a gzip file.
pub(super) fn gzip(bytes: &[u8]) -> Bytes {
    let mut file = HEAD.to_vec();
    stored(bytes, &mut file);
    file.extend(crc32fast::hash(bytes).to_le_bytes());
    // The size is kept modulo 2^32.
    file.extend((bytes.len() as u32).to_le_bytes());
    file.into()
}

/// Adds these bytes as the stored blocks of a deflate stream.
pub(super) fn stored(bytes: &[u8], to: &mut Vec<u8>) {
    let blocks = bytes.len().div_ceil(LONGEST_BLOCK).max(1);
    for place in 0..blocks {
        let start = place * LONGEST_BLOCK;
        let block = &bytes[start..bytes.len().min(start + LONGEST_BLOCK)];
        // A block is no longer than 65,535 bytes.
        let length = block.len() as u16;
        to.push(u8::from(place + 1 == blocks));
        to.extend(length.to_le_bytes());
        to.extend((!length).to_le_bytes());
        to.extend(block);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;
    use std::io::Read;

    #[test]
    fn a_decoder_of_others_reads_what_is_written() {
        for size in [0, 3, 70_000, 200_000] {
            let bytes: Vec<u8> = (0..size).map(|number| (number % 251) as u8).collect();
            let mut read = Vec::new();
            GzDecoder::new(&gzip(&bytes)[..]).read_to_end(&mut read).unwrap();
            assert!(read == bytes);
        }
    }
}
