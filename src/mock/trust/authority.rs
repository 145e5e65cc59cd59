//! The certificate authority of the mocks.

use super::{CurveKey, KeyRoot, TrustError};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, IsCa, KeyUsagePurpose,
    SerialNumber, date_time_ymd,
};

/// The authority's name.
const NAME: &str = "agw-sandbox CA";

/// An authority, and the secret from which it and the keys of its certificates come.
pub(in crate::mock) struct Authority {
    pub(super) root: KeyRoot,
    pub(super) issuer: CertifiedIssuer<'static, CurveKey>,
}

impl Authority {
    /// The authority that belongs to a secret; its certificate is the same each time.
    pub(in crate::mock) fn of(root: &KeyRoot) -> Result<Self, TrustError> {
        let mut params = CertificateParams::default();
        params.distinguished_name = named(NAME);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.serial_number = Some(SerialNumber::from(1));
        params.not_before = date_time_ymd(2025, 1, 1);
        params.not_after = date_time_ymd(2045, 1, 1);
        let issuer = CertifiedIssuer::self_signed(params, CurveKey::derive(root, "certificate authority"))?;
        Ok(Self { root: root.clone(), issuer })
    }
}

/// A distinguished name of a common name and our organization.
pub(super) fn named(name: &str) -> DistinguishedName {
    let mut names = DistinguishedName::new();
    names.push(DnType::OrganizationName, "agw-sandbox");
    names.push(DnType::CommonName, name);
    names
}
