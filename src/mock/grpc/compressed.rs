//! What comes compressed.

use flate2::read::MultiGzDecoder;
use std::io::Read;

/// Why something cannot be unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::mock) enum Unpack {
    /// It is no gzip.
    Broken,
    /// It is longer than may be.
    TooLong,
}

/// The bytes of a gzip file, if they are no more than so many.
pub(in crate::mock) fn gunzip(packed: &[u8], longest: usize) -> Result<Vec<u8>, Unpack> {
    let mut bytes = Vec::new();
    // One more than may be, to know whether there are more.
    let mut reader = MultiGzDecoder::new(packed).take(longest as u64 + 1);
    reader.read_to_end(&mut bytes).map_err(|_| Unpack::Broken)?;
    if bytes.len() > longest { Err(Unpack::TooLong) } else { Ok(bytes) }
}
