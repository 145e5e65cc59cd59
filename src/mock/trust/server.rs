//! How the listeners of the mocks encrypt.

use super::certificate::{Issued, Purpose};
use super::names::names_of;
use super::{Authority, TrustError};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use std::net::IpAddr;
use std::sync::Arc;

/// The host that the wrong certificate is for.
const WRONG_HOST: &str = "wrong-host.example";

/// What is special about a listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::mock) enum Listener {
    /// Nothing: a good certificate, and any client.
    Plain,
    /// A good certificate, and only clients with one of the same authority.
    Mutual,
    /// A certificate that has expired.
    Expired,
    /// A certificate for another host.
    WrongHost,
}

impl Listener {
    /// How this listener of a mock at an address encrypts.
    pub(in crate::mock) fn config(
        self,
        authority: &Authority,
        mock: &str,
        address: IpAddr,
    ) -> Result<Arc<ServerConfig>, TrustError> {
        let purpose = match self {
            Self::Plain | Self::Mutual => Purpose::Server(names_of(mock, address)),
            Self::Expired => Purpose::Expired(names_of(mock, address)),
            Self::WrongHost => Purpose::Server(vec![WRONG_HOST.to_owned()]),
        };
        let (mut chain, key) = Issued::by(authority, mock, purpose)?.for_tls()?;
        chain.push(authority.issuer.der().clone());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder =
            ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions()?;
        let builder = if self == Self::Mutual {
            let mut roots = RootCertStore::empty();
            roots.add(authority.issuer.der().clone())?;
            let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build()?;
            builder.with_client_cert_verifier(clients)
        } else {
            builder.with_no_client_auth()
        };
        let mut config = builder.with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}
