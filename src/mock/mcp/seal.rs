//! What a client carries from one call to the next without being able to change it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac::{self, HMAC_SHA256, Key};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The seal of one process; what another process sealed is not accepted.
pub(super) struct Seal(Key);

impl Seal {
    /// A new one.
    pub(super) fn new() -> Self {
        let (first, second) = (uuid::Uuid::new_v4(), uuid::Uuid::new_v4());
        Self(Key::new(HMAC_SHA256, &[first.into_bytes(), second.into_bytes()].concat()))
    }

    /// The sealed text of a value; `None` when it cannot be written as JSON.
    pub(super) fn close(&self, value: &impl Serialize) -> Option<String> {
        let written = serde_json::to_vec(value).ok()?;
        let tag = hmac::sign(&self.0, &written);
        Some(format!("{}.{}", URL_SAFE_NO_PAD.encode(&written), URL_SAFE_NO_PAD.encode(tag.as_ref())))
    }

    /// The value behind a sealed text; `None` when it is not as it was sealed.
    pub(super) fn open<T: DeserializeOwned>(&self, sealed: &str) -> Option<T> {
        let (written, tag) = sealed.split_once('.')?;
        let (written, tag) = (URL_SAFE_NO_PAD.decode(written).ok()?, URL_SAFE_NO_PAD.decode(tag).ok()?);
        hmac::verify(&self.0, &written, &tag).ok()?;
        serde_json::from_slice(&written).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_changed_is_noticed() {
        let seal = Seal::new();
        let sealed = seal.close(&("round", 2)).unwrap();
        assert_eq!(seal.open::<(String, u32)>(&sealed), Some(("round".to_owned(), 2)));
        assert_eq!(seal.open::<(String, u32)>(&format!("{sealed}A")), None);
        assert_eq!(seal.open::<(String, u32)>(&sealed[1..]), None);
        assert_eq!(Seal::new().open::<(String, u32)>(&sealed), None);
    }
}
