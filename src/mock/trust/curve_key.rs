//! A key on the curve P-256.

use super::{KeyRoot, TrustError};
use p256::SecretKey;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use p256::pkcs8::{EncodePrivateKey as _, LineEnding};
use rcgen::{PKCS_ECDSA_P256_SHA256, PublicKeyData, SignatureAlgorithm};

/// A private key for ECDSA on P-256. Its signatures are deterministic (RFC 6979), so that a certificate comes out the same
/// each time it is made.
pub(in crate::mock) struct CurveKey {
    secret: SecretKey,
    /// The point without compression: 4, x, y.
    public: Vec<u8>,
}

impl CurveKey {
    /// The key that belongs to a label.
    pub(in crate::mock) fn derive(root: &KeyRoot, label: &str) -> Self {
        let secret = SecretKey::random(&mut root.generator(&format!("p256 {label}")));
        let public = secret.public_key().to_encoded_point(false).as_bytes().to_vec();
        Self { secret, public }
    }

    /// The private key as DER in the form of PKCS #8.
    pub(in crate::mock) fn der(&self) -> Result<Vec<u8>, TrustError> {
        Ok(self.secret.to_pkcs8_der()?.as_bytes().to_vec())
    }

    /// The private key as PEM.
    pub(super) fn pem(&self) -> Result<String, TrustError> {
        Ok(self.secret.to_pkcs8_pem(LineEnding::LF)?.to_string())
    }

    /// Both coordinates of the public key.
    pub(in crate::mock) fn coordinates(&self) -> (&[u8], &[u8]) {
        self.public.get(1..).unwrap_or_default().split_at(self.public.len() / 2)
    }
}

impl PublicKeyData for CurveKey {
    fn der_bytes(&self) -> &[u8] {
        &self.public
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_ECDSA_P256_SHA256
    }
}

impl rcgen::SigningKey for CurveKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let signature: Signature = SigningKey::from(&self.secret).sign(message);
        Ok(signature.to_der().as_bytes().to_vec())
    }
}
