//! The part of a body that is kept.

/// How much of each body is kept, in bytes; behind it stands a note of the real size.
pub const KEPT_BODY: usize = 256 * 1024;

/// A body as far as it is kept.
#[derive(Debug, Default)]
pub(super) struct Kept {
    bytes: Vec<u8>,
    size: u64,
}

impl Kept {
    /// Takes the next bytes of the body.
    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.size += bytes.len() as u64;
        let room = KEPT_BODY - self.bytes.len();
        self.bytes.extend_from_slice(&bytes[..room.min(bytes.len())]);
    }

    /// The text of it; bytes that are not UTF-8 become U+FFFD.
    pub(super) fn text(&self) -> String {
        let mut text = String::from_utf8_lossy(&self.bytes).into_owned();
        if self.size > self.bytes.len() as u64 {
            text.push_str(&format!(" … [{} of {} bytes kept]", self.bytes.len(), self.size));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_off_is_told() {
        let mut kept = Kept::default();
        kept.add(&vec![b'a'; KEPT_BODY - 1]);
        kept.add(b"bcd");
        assert!(kept.text().ends_with(&format!("ab … [{KEPT_BODY} of {} bytes kept]", KEPT_BODY + 2)));
    }
}
