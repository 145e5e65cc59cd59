//! Gzip without compression: stored blocks, which every decoder takes.

use bytes::Bytes;

/// The longest stored block.
const LONGEST_BLOCK: usize = 65_535;
/// Magic number, method deflate, no flags, no time, unknown system.
const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// These bytes as a gzip file.
pub(super) fn gzip(bytes: &[u8]) -> Bytes {
    let mut file = HEAD.to_vec();
    let blocks = bytes.len().div_ceil(LONGEST_BLOCK).max(1);
    for place in 0..blocks {
        let start = place * LONGEST_BLOCK;
        let block = &bytes[start..bytes.len().min(start + LONGEST_BLOCK)];
        // A block is no longer than 65,535 bytes.
        let length = block.len() as u16;
        file.push(u8::from(place + 1 == blocks));
        file.extend(length.to_le_bytes());
        file.extend((!length).to_le_bytes());
        file.extend(block);
    }
    file.extend(checksum(bytes).to_le_bytes());
    // The size is kept modulo 2^32.
    file.extend((bytes.len() as u32).to_le_bytes());
    file.into()
}

/// CRC-32 as in gzip and PNG.
fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |checksum, byte| {
        (0..8).fold(checksum ^ u32::from(*byte), |checksum, _| {
            (checksum >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(checksum & 1))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_one_of_the_standard() {
        assert_eq!(checksum(b"123456789"), 0xcbf4_3926);
        assert_eq!(gzip(b"").len(), HEAD.len() + 5 + 8);
    }
}
