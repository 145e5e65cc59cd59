//! Content encodings without compression: stored blocks, which every decoder takes.

mod brotli;
mod gzip;
mod zlib;
mod zstd;

use crate::exchange::Encoding;
use bytes::Bytes;

/// The bytes in this encoding.
pub(super) fn encoded(bytes: &[u8], encoding: Encoding) -> Bytes {
    match encoding {
        Encoding::Gzip => gzip::gzip(bytes),
        Encoding::Deflate => zlib::zlib(bytes),
        Encoding::Br => brotli::brotli(bytes),
        Encoding::Zstd => zstd::zstd(bytes),
    }
}

/// The name that HTTP has for an encoding.
pub(super) fn name(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Gzip => "gzip",
        Encoding::Deflate => "deflate",
        Encoding::Br => "br",
        Encoding::Zstd => "zstd",
    }
}
