//! What clients need to talk to the mocks over TLS.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Certificates and a key, all as PEM.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TrustMaterial {
    /// The certificate of the mocks' authority: what clients have to trust.
    pub authority: String,
    /// A client's certificate, for listeners that ask for one.
    pub client_certificate: String,
    /// Its private key.
    pub client_key: String,
}

impl fmt::Debug for TrustMaterial {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("TrustMaterial").field("authority", &self.authority).finish_non_exhaustive()
    }
}
