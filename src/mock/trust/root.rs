//! The one secret from which all keys of the mocks come.

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng as _;
use ring::hmac;
use std::fmt;
use std::io::{self, Write};
use std::path::Path;

/// Bytes in a secret, and in what is derived from it.
const BYTES: usize = 32;

/// The secret from which the mocks derive their signing keys and their certificate authority: mocks with the same secret
/// have the same keys, wherever and whenever they run. What is derived tells nothing of the secret.
#[derive(Clone)]
pub struct KeyRoot([u8; BYTES]);

impl KeyRoot {
    /// A new one.
    pub fn random() -> Self {
        Self(rand::random())
    }

    /// The one that belongs to a secret text, for example the token of the admin API.
    pub fn of(secret: &str) -> Self {
        Self(digest(b"agw-sandbox keys of the mocks", secret.as_bytes()))
    }

    /// The one that a file holds; where there is none, the file is made, for its owner's eyes only. Its folder is not made: that
    /// of a sandbox which was taken down in the meantime must not appear again.
    ///
    /// # Errors
    /// The file can neither be read nor made.
    pub fn kept_in(file: &Path) -> io::Result<Self> {
        match std::fs::read_to_string(file) {
            Ok(text) if !text.trim().is_empty() => return Ok(Self::of(text.trim())),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let text = hex::encode(rand::random::<[u8; BYTES]>());
        let folder = file.parent().unwrap_or(Path::new("."));
        // Temporary files are made for their owner's eyes only, and appear under their name as a whole.
        let mut written = tempfile::Builder::new().prefix(".keys").tempfile_in(folder)?;
        written.write_all(text.as_bytes())?;
        written.persist(file).map_err(|failure| failure.error)?;
        Ok(Self::of(&text))
    }

    /// Where a key takes its numbers from: the same ones for the same label.
    pub(in crate::mock) fn generator(&self, label: &str) -> ChaCha20Rng {
        ChaCha20Rng::from_seed(digest(&self.0, label.as_bytes()))
    }
}

fn digest(key: &[u8], text: &[u8]) -> [u8; BYTES] {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text);
    let mut bytes = [0; BYTES];
    // The tag of HMAC-SHA256 is as long as that.
    bytes.iter_mut().zip(tag.as_ref()).for_each(|(byte, of_tag)| *byte = *of_tag);
    bytes
}

impl fmt::Debug for KeyRoot {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("KeyRoot(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_secret_stays_and_nobody_else_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys");
        let (first, second) = (KeyRoot::kept_in(&file).unwrap(), KeyRoot::kept_in(&file).unwrap());
        assert_eq!(first.generator("a"), second.generator("a"));
        assert!(KeyRoot::kept_in(&folder.path().join("gone").join("keys")).is_err());
        assert_ne!(first.generator("a"), first.generator("b"));
        assert_ne!(first.generator("a"), KeyRoot::random().generator("a"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
