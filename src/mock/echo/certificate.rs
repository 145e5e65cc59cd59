//! A client's certificate in words.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

/// Letters in a line of PEM.
const LINE: usize = 64;

/// Subject, issuer, names, serial number, validity, SHA-256 and PEM; the last two only where it cannot be read.
pub(super) fn described(der: &[u8]) -> Value {
    let mut described = json!({ "sha256": hex::encode(Sha256::digest(der)), "pem": pem(der) });
    if let Ok((_, certificate)) = X509Certificate::from_der(der) {
        described["subject"] = certificate.subject().to_string().into();
        described["issuer"] = certificate.issuer().to_string().into();
        described["names"] = names(&certificate).into();
        described["serial"] = certificate.raw_serial_as_string().into();
        described["notBefore"] = certificate.validity().not_before.to_string().into();
        described["notAfter"] = certificate.validity().not_after.to_string().into();
    }
    described
}

/// The alternative names of the subject.
fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let names = certificate.subject_alternative_name().ok().flatten();
    let names = names.map_or(&[][..], |extension| extension.value.general_names.as_slice());
    let shown = names.iter().map(|name| match name {
        GeneralName::DNSName(name) | GeneralName::URI(name) | GeneralName::RFC822Name(name) => (*name).to_owned(),
        other => other.to_string(),
    });
    shown.collect()
}

fn pem(der: &[u8]) -> String {
    let letters = STANDARD.encode(der);
    let lines = letters.as_bytes().chunks(LINE).map(|line| format!("{}\n", String::from_utf8_lossy(line)));
    format!("-----BEGIN CERTIFICATE-----\n{}-----END CERTIFICATE-----\n", lines.collect::<String>())
}
