//! Keys that sign tokens.

use crate::mock::trust::{CurveKey, KeyRoot, TrustError};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use rsa::RsaPrivateKey;
use rsa::pkcs1::EncodeRsaPrivateKey as _;
use rsa::traits::PublicKeyParts as _;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Bits of an RSA key: the fewest that RFC 7518, section 3.3 allows.
const RSA_BITS: usize = 2_048;
/// How much of a thumbprint stands in a key's id.
const ID_LETTERS: usize = 12;

/// A key that signs tokens.
pub(super) struct Key {
    /// Its id, which is made of its thumbprint (RFC 7638): another key has another id, even after a restart.
    pub(super) id: String,
    /// How it signs.
    pub(super) algorithm: Algorithm,
    /// The private half.
    pub(super) signing: EncodingKey,
    /// The public half.
    pub(super) checking: DecodingKey,
    /// The public half, as the members of a set show it.
    pub(super) shown: Value,
}

impl Key {
    /// The key for ES256 that belongs to a label.
    pub(super) fn es256(root: &KeyRoot, label: &str) -> Result<Self, TrustError> {
        let key = CurveKey::derive(root, label);
        let (x, y) = key.coordinates();
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
        let id = id("es256", &json!({ "crv": "P-256", "kty": "EC", "x": x, "y": y }));
        Ok(Self {
            signing: EncodingKey::from_ec_der(&key.der()?),
            checking: DecodingKey::from_ec_components(&x, &y)?,
            shown: json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y, "use": "sig", "alg": "ES256", "kid": id }),
            algorithm: Algorithm::ES256,
            id,
        })
    }

    /// The key for RS256 that belongs to a label. It takes a good part of a second to make.
    pub(super) fn rs256(root: &KeyRoot, label: &str) -> Result<Self, TrustError> {
        let key = RsaPrivateKey::new(&mut root.generator(&format!("rsa {label}")), RSA_BITS)?;
        let (n, e) = (key.n().to_bytes_be(), key.e().to_bytes_be());
        let (shown_n, shown_e) = (URL_SAFE_NO_PAD.encode(&n), URL_SAFE_NO_PAD.encode(&e));
        let id = id("rs256", &json!({ "e": shown_e, "kty": "RSA", "n": shown_n }));
        Ok(Self {
            signing: EncodingKey::from_rsa_der(key.to_pkcs1_der()?.as_bytes()),
            checking: DecodingKey::from_rsa_raw_components(&n, &e),
            shown: json!({ "kty": "RSA", "n": shown_n, "e": shown_e, "use": "sig", "alg": "RS256", "kid": id }),
            algorithm: Algorithm::RS256,
            id,
        })
    }
}

/// The members that count, in the order of their names, make the thumbprint.
fn id(prefix: &str, members: &Value) -> String {
    let thumbprint = URL_SAFE_NO_PAD.encode(Sha256::digest(members.to_string()));
    format!("{prefix}-{}", thumbprint.get(..ID_LETTERS).unwrap_or_default())
}
