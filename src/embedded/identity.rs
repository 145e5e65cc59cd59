//! Who the API is and who may use it: certificates and a token, made anew for each sandbox.

use rand::RngExt as _;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::fmt;
use std::sync::Arc;

/// Bytes of randomness in a token.
const TOKEN_BYTES: usize = 32;

/// A certificate authority, a server certificate for loopback, and a bearer token.
#[derive(Clone)]
pub struct Identity {
    authority: String,
    certificate: String,
    key: String,
    token: String,
}

/// The identity cannot be made or used.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum IdentityError {
    /// Making the certificates failed.
    #[error("The certificates of the embedded API cannot be made: {0}.")]
    #[diagnostic(code("EMBED-04"), help("this is a bug in agw-sandbox; please report it with the message"))]
    Generate(#[from] rcgen::Error),
    /// The certificates cannot be used for TLS.
    #[error("The certificates of the embedded API cannot be used: {0}.")]
    #[diagnostic(code("EMBED-05"), help("agw-sandbox down removes them; the next up makes new ones"))]
    Use(String),
}

impl fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Identity").field("token", &"…").field("key", &"…").finish_non_exhaustive()
    }
}

impl Identity {
    /// Makes a new identity.
    ///
    /// # Errors
    /// Where the machine yields no randomness.
    pub fn generate() -> Result<Self, IdentityError> {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.distinguished_name = named("agw-sandbox embedded API CA");
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;

        let names = ["127.0.0.1", "::1", "localhost", "kubernetes.default.svc"].map(str::to_owned);
        let mut params = CertificateParams::new(names)?;
        params.distinguished_name = named("agw-sandbox embedded API");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &authority)?;

        let mut token = [0u8; TOKEN_BYTES];
        rand::rng().fill(&mut token);
        Ok(Self {
            authority: authority.pem(),
            certificate: certificate.pem(),
            key: key.serialize_pem(),
            token: hex::encode(token),
        })
    }

    /// A kubeconfig with one context of this name. It holds the token: write it for its owner only.
    pub fn kubeconfig(&self, server_url: &str, name: &str) -> String {
        use base64::Engine as _;
        let authority = base64::engine::general_purpose::STANDARD.encode(&self.authority);
        let token = &self.token;
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let (name, server) = (quoted(name), quoted(server_url));
        format!(
            "apiVersion: v1\nkind: Config\nclusters:\n- name: {name}\n  cluster:\n    server: {server}\n    certificate-authority-data: {authority}\nusers:\n- name: {name}\n  user:\n    token: {token}\ncontexts:\n- name: {name}\n  context:\n    cluster: {name}\n    user: {name}\ncurrent-context: {name}\n"
        )
    }

    /// The bearer token; whoever has it may do anything.
    pub fn token(&self) -> &str {
        &self.token
    }

    pub(super) fn server_config(&self) -> Result<Arc<ServerConfig>, IdentityError> {
        let unusable = |error: &dyn fmt::Display| IdentityError::Use(error.to_string());
        let certificate = CertificateDer::from_pem_slice(self.certificate.as_bytes()).map_err(|e| unusable(&e))?;
        let key = PrivateKeyDer::from_pem_slice(self.key.as_bytes()).map_err(|e| unusable(&e))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(vec![certificate], key))
            .map_err(|error| unusable(&error))?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

fn named(name: &str) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    distinguished
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let identity = Identity::generate().expect("an identity");
        let shown = format!("{identity:?}");
        assert!(!shown.contains(&identity.token) && !shown.contains("PRIVATE KEY"));
        assert!(identity.kubeconfig("https://127.0.0.1:1", "x").contains(&identity.token));
        assert_ne!(Identity::generate().expect("another").token, identity.token);
    }
}
