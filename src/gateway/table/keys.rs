//! Sets of keys that sign tokens.

use jsonwebtoken::{
    Algorithm, DecodingKey, Validation,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet},
};
use std::{
    collections::HashMap,
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
    sync::Arc,
};

/// A set of keys (RFC 7517). Two are the same when their texts are.
#[derive(Clone)]
pub struct KeySet {
    text: Arc<str>,
    keys: Arc<HashMap<String, Key>>,
}

/// A key and what may be signed with it.
pub struct Key {
    /// The key.
    pub decoding: DecodingKey,
    /// What is looked at besides the signature, but for issuer and audience.
    pub validation: Validation,
}

impl KeySet {
    /// Reads a set. What is no set, or has a key that cannot be used, has no keys: then nobody passes.
    pub fn new(text: &str) -> Self {
        let keys = read(text).unwrap_or_default();
        Self { text: text.into(), keys: Arc::new(keys) }
    }

    /// The key with an id.
    pub fn key(&self, id: &str) -> Option<&Key> {
        self.keys.get(id)
    }
}

fn read(text: &str) -> Option<HashMap<String, Key>> {
    let set: JwkSet = serde_json::from_str(text).ok()?;
    set.keys.iter().map(|key| Some((key.common.key_id.clone()?, usable(key)?))).collect()
}

fn usable(key: &Jwk) -> Option<Key> {
    use Algorithm::{ES256, ES384, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512};
    let family = match &key.algorithm {
        AlgorithmParameters::EllipticCurve(_) => vec![ES256, ES384],
        AlgorithmParameters::RSA(_) => vec![RS256, RS384, RS512, PS256, PS384, PS512],
        AlgorithmParameters::OctetKeyPair(pair) if pair.curve == EllipticCurve::Ed25519 => vec![EdDSA],
        _ => return None,
    };
    let named = key.common.key_algorithm.and_then(|named| Algorithm::from_str(&named.to_string()).ok());
    let algorithms = named.map_or(family, |named| vec![named]);
    let mut validation = Validation::new(*algorithms.first()?);
    validation.algorithms = algorithms;
    Some(Key { decoding: DecodingKey::from_jwk(key).ok()?, validation })
}

impl PartialEq for KeySet {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Hash for KeySet {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl fmt::Debug for KeySet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "KeySet({} keys)", self.keys.len())
    }
}
