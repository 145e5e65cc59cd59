//! What content is called by what it is.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// The SHA-256 of some content, written `sha256:` and 64 hex digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(String);

impl Digest {
    /// Of bytes.
    pub fn of(content: &[u8]) -> Self {
        Self(hex::encode(Sha256::digest(content)))
    }

    /// Reads `sha256:<64 hex digits>` or the digits alone.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix("sha256:").unwrap_or(text);
        let fits = digits.len() == 64 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        fits.then(|| Self(digits.to_ascii_lowercase()))
    }

    /// The 64 hex digits.
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "sha256:{}", self.0)
    }
}

impl TryFrom<String> for Digest {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("`{text}` is not a digest: sha256: and 64 hex digits"))
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::Digest;

    #[test]
    fn a_digest_is_read_as_it_is_written() {
        let digest = Digest::of(b"hello");
        assert!(digest.to_string().starts_with("sha256:2cf24dba5fb0a30e"));
        assert_eq!(Digest::parse(&digest.to_string()), Some(digest.clone()));
        assert_eq!(Digest::parse(digest.digits()), Some(digest));
        assert_eq!(Digest::parse("sha256:12"), None);
    }
}
