//! The fingerprint of a table, by which controller and proxies find out that they mean the same.

use super::Table;
use sha2::{Digest, Sha256};
use std::hash::{Hash, Hasher};

/// Feeds what is hashed to SHA-256.
#[derive(Default)]
struct Fingerprint(Sha256);

impl Hasher for Fingerprint {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The trait asks for it; the whole digest is taken instead.
    fn finish(&self) -> u64 {
        0
    }
}

impl Table {
    /// SHA-256 over everything in the table, in hex. Two processes of the same build agree on it.
    pub fn digest(&self) -> String {
        let mut fingerprint = Fingerprint::default();
        self.hash(&mut fingerprint);
        hex::encode(fingerprint.0.finalize())
    }
}
