//! Certificates that the authority issues.

use super::authority::{Authority, named};
use super::{CurveKey, TrustError};
use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, KeyUsagePurpose};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::time::{Duration, SystemTime};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What a certificate is for.
pub(super) enum Purpose {
    /// A server at these names and addresses.
    Server(Vec<String>),
    /// The same, whose certificate ended a day ago.
    Expired(Vec<String>),
    /// A client with this name.
    Client(String),
}

/// A certificate and its private key.
pub(super) struct Issued {
    key: CurveKey,
    certificate: rcgen::Certificate,
}

impl Issued {
    /// Issues a certificate whose key belongs to a label.
    pub(super) fn by(authority: &Authority, label: &str, purpose: Purpose) -> Result<Self, TrustError> {
        let now = SystemTime::now();
        let (names, usage, begins, ends) = match purpose {
            Purpose::Server(names) => (names, ExtendedKeyUsagePurpose::ServerAuth, now - DAY, now + 365 * DAY),
            Purpose::Expired(names) => (names, ExtendedKeyUsagePurpose::ServerAuth, now - 30 * DAY, now - DAY),
            Purpose::Client(name) => (vec![name], ExtendedKeyUsagePurpose::ClientAuth, now - DAY, now + 365 * DAY),
        };
        let mut params = CertificateParams::new(names)?;
        params.distinguished_name = named(label);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![usage];
        params.use_authority_key_identifier_extension = true;
        (params.not_before, params.not_after) = (begins.into(), ends.into());
        let key = CurveKey::derive(&authority.root, label);
        let certificate = params.signed_by(&key, &authority.issuer)?;
        Ok(Self { key, certificate })
    }

    /// The certificate as PEM.
    pub(super) fn pem(&self) -> String {
        self.certificate.pem()
    }

    /// The private key as PEM.
    pub(super) fn key_pem(&self) -> Result<String, TrustError> {
        self.key.pem()
    }

    /// Both as TLS takes them.
    pub(super) fn for_tls(&self) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), TrustError> {
        let key = PrivatePkcs8KeyDer::from(self.key.der()?);
        Ok((vec![self.certificate.der().clone()], key.into()))
    }
}
