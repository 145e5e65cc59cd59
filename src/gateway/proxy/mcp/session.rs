//! Session ids: the servers' own, sealed, so that the gateway remembers nothing and a client can read nothing.

use crate::gateway::proxy::SessionKey;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use serde::{Deserialize, Serialize};

/// What a session id holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Target names and the session ids that their servers gave.
    pub targets: Vec<(String, Option<String>)>,
    /// Version of the protocol that was agreed on.
    pub version: Option<String>,
}

impl Session {
    /// Whether it was opened with a server.
    pub fn knows(&self, target: &str) -> bool {
        self.targets.iter().any(|(name, _)| name == target)
    }

    /// The server's own id.
    pub fn of(&self, target: &str) -> Option<&str> {
        self.targets.iter().find(|(name, _)| name == target)?.1.as_deref()
    }
}

/// Seals and opens session ids.
pub struct SessionSeal {
    key: Option<LessSafeKey>,
}

impl SessionSeal {
    /// With this key, or a new one that lives as long as the proxy.
    pub fn new(key: Option<&SessionKey>) -> Self {
        let key = key.map_or_else(rand::random, |key| key.0);
        let key = UnboundKey::new(&AES_256_GCM, &key).map(LessSafeKey::new);
        Self { key: key.ok() }
    }

    /// The id for a session.
    pub fn seal(&self, session: &Session) -> Option<String> {
        let nonce: [u8; NONCE_LEN] = rand::random();
        let mut sealed = serde_json::to_vec(session).ok()?;
        let key = self.key.as_ref()?;
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut sealed).ok()?;
        Some(URL_SAFE_NO_PAD.encode([&nonce[..], &sealed[..]].concat()))
    }

    /// The session of an id that this proxy gave.
    pub fn open(&self, id: &str) -> Option<Session> {
        let bytes = URL_SAFE_NO_PAD.decode(id).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN)?;
        let mut sealed = sealed.to_vec();
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let opened = self.key.as_ref()?.open_in_place(nonce, Aad::empty(), &mut sealed).ok()?;
        serde_json::from_slice(opened).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_opens_only_where_it_was_sealed_and_unchanged() {
        let session = Session { targets: vec![("one".into(), Some("s-1".into()))], version: Some("2025-06-18".into()) };
        let seal = SessionSeal::new(None);
        let id = seal.seal(&session).unwrap();
        assert_eq!(seal.open(&id), Some(session));
        assert!(
            seal.open("garbage").is_none() && seal.open("").is_none() && SessionSeal::new(None).open(&id).is_none()
        );
        let (head, last) = id.split_at(id.len() - 1);
        assert!(seal.open(&format!("{head}{}", if last == "A" { "B" } else { "A" })).is_none());
    }

    #[test]
    fn pods_with_the_same_key_know_each_others_sessions() {
        let key = SessionKey::from_hex(&"0f".repeat(32)).unwrap();
        let id = SessionSeal::new(Some(&key)).seal(&Session::default()).unwrap();
        assert_eq!(SessionSeal::new(Some(&key)).open(&id), Some(Session::default()));
        assert!(SessionKey::from_hex("0f").is_none());
    }
}
