//! Compressed answers: opened for the translation, and closed again in the same way. Source: facts/conformance.md B.0
//! surprise 11.

use bytes::Bytes;
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use http::{HeaderMap, header};
use std::io::{Read, Write};

/// How an answer is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// Not at all.
    Identity,
    /// With gzip.
    Gzip,
    /// In a way that the proxy does not know.
    Other,
}

impl Coding {
    /// That of an answer.
    pub fn of(headers: &HeaderMap) -> Self {
        match headers.get(header::CONTENT_ENCODING).map(|value| value.as_bytes()) {
            None | Some(b"identity") => Self::Identity,
            Some(b"gzip") => Self::Gzip,
            Some(_) => Self::Other,
        }
    }

    /// The plain bytes; `None` where they cannot be had or are more than `limit`.
    pub fn open(self, body: &Bytes, limit: usize) -> Option<Bytes> {
        match self {
            Self::Identity => Some(body.clone()),
            Self::Gzip => {
                let mut plain = Vec::new();
                let limit = u64::try_from(limit).ok()?;
                let read = GzDecoder::new(&body[..]).take(limit + 1).read_to_end(&mut plain).ok()?;
                (read as u64 <= limit).then(|| plain.into())
            }
            Self::Other => None,
        }
    }

    /// The bytes as they are sent.
    pub fn close(self, plain: Vec<u8>) -> Vec<u8> {
        if self != Self::Gzip {
            return plain;
        }
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        let written = encoder.write_all(&plain).and_then(|()| encoder.finish());
        // Writing into memory does not fail.
        written.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_closed_can_be_opened_up_to_the_limit() {
        let closed = Bytes::from(Coding::Gzip.close(b"hello".to_vec()));
        assert_eq!(Coding::Gzip.open(&closed, 5).unwrap(), "hello");
        assert_eq!(Coding::Gzip.open(&closed, 4), None);
        assert_eq!(Coding::Gzip.open(&Bytes::from_static(b"no gzip"), 9), None);
    }
}
