//! What clients need to talk to the mocks over TLS.

use super::certificate::{Issued, Purpose};
use super::{Authority, KeyRoot, TrustError};
use crate::exchange::TrustMaterial;

/// The name of the client that the mocks know.
const CLIENT: &str = "sandbox-client";

/// The trust material of the mocks with a secret.
#[derive(Debug, Clone)]
pub struct Trust(KeyRoot);

impl Trust {
    /// That of these mocks.
    pub fn of(root: &KeyRoot) -> Self {
        Self(root.clone())
    }

    /// The authority's certificate, and a client's certificate with its key.
    ///
    /// # Errors
    /// The certificates cannot be made.
    pub fn material(&self) -> Result<TrustMaterial, TrustError> {
        let authority = Authority::of(&self.0)?;
        let client = Issued::by(&authority, CLIENT, Purpose::Client(CLIENT.to_owned()))?;
        Ok(TrustMaterial {
            authority: authority.issuer.pem(),
            client_certificate: client.pem(),
            client_key: client.key_pem()?,
        })
    }
}
