//! Zlib, RFC 1950, in stored blocks.

use super::gzip::stored;
use bytes::Bytes;

/// Method deflate with a window of 32 KiB, fastest.
const HEAD: [u8; 2] = [0x78, 0x01];
/// What Adler-32 counts modulo.
const MODULUS: u32 = 65_521;

/// These bytes as a zlib stream.
pub(super) fn zlib(bytes: &[u8]) -> Bytes {
    let mut stream = HEAD.to_vec();
    stored(bytes, &mut stream);
    stream.extend(checksum(bytes).to_be_bytes());
    stream.into()
}

/// Adler-32.
fn checksum(bytes: &[u8]) -> u32 {
    let (low, high) = bytes.iter().fold((1_u32, 0_u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % MODULUS;
        (low, (high + low) % MODULUS)
    });
    (high << 16) | low
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::ZlibDecoder;
    use std::io::Read;

    #[test]
    fn a_decoder_of_others_reads_what_is_written() {
        for size in [0, 3, 70_000, 200_000] {
            let bytes: Vec<u8> = (0..size).map(|number| (number % 251) as u8).collect();
            let mut read = Vec::new();
            ZlibDecoder::new(&zlib(&bytes)[..]).read_to_end(&mut read).unwrap();
            assert!(read == bytes);
        }
    }
}
