//! The part of a body that is kept.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

/// How much of each body is kept, in bytes; behind it stands a note of the real size.
pub const KEPT_BODY: usize = 256 * 1024;

/// A body as far as it is kept.
#[derive(Debug, Default)]
pub(super) struct Kept {
    bytes: Vec<u8>,
    /// A body that others know too, of which the first `size` bytes count; `bytes` is empty then.
    whole: Option<Bytes>,
    size: u64,
}

impl Kept {
    /// A body whose bytes are known before they are added. It is no longer than [`KEPT_BODY`].
    pub(super) fn of(whole: Bytes) -> Self {
        Self { whole: Some(whole), ..Self::default() }
    }

    /// Takes the next bytes of the body.
    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.size += bytes.len() as u64;
        if self.whole.is_some() {
            return;
        }
        let room = KEPT_BODY - self.bytes.len();
        self.bytes.extend_from_slice(&bytes[..room.min(bytes.len())]);
    }

    /// What it takes, in bytes.
    pub(super) fn len(&self) -> usize {
        self.bytes().len()
    }

    /// The bytes that are kept.
    pub(super) fn bytes(&self) -> &[u8] {
        match &self.whole {
            Some(whole) => usize::try_from(self.size).ok().and_then(|size| whole.get(..size)).unwrap_or(whole),
            None => &self.bytes,
        }
    }

    /// The text of it, and its bytes in Base64 where they are no text.
    pub(super) fn texts(&self) -> (String, Option<String>) {
        let bytes = self.bytes();
        let base64 = std::str::from_utf8(bytes).is_err().then(|| STANDARD.encode(bytes));
        (self.noted(String::from_utf8_lossy(bytes).into_owned()), base64)
    }

    /// The text with a note of what is missing.
    pub(super) fn noted(&self, mut text: String) -> String {
        if self.size > self.len() as u64 {
            text.push_str(&format!(" … [{} of {} bytes kept]", self.len(), self.size));
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
        let (text, base64) = kept.texts();
        assert!(text.ends_with(&format!("ab … [{KEPT_BODY} of {} bytes kept]", KEPT_BODY + 2)));
        assert_eq!(base64, None);
    }

    #[test]
    fn of_a_known_body_counts_what_went_out() {
        let mut kept = Kept::of(Bytes::from_static(b"one two three"));
        kept.add(b"one");
        kept.add(b" two");
        assert_eq!((kept.bytes(), kept.len()), (&b"one two"[..], 7));
        assert_eq!(kept.texts().0, "one two");
    }

    #[test]
    fn bytes_that_are_no_text_are_kept_as_they_are() {
        let mut kept = Kept::default();
        kept.add(&[b'a', 0xff]);
        assert_eq!(kept.texts(), ("a\u{fffd}".to_owned(), Some("Yf8=".to_owned())));
    }
}
