//! Trust material: one secret from which all keys come, a certificate authority, and certificates for names and addresses;
//! one of them has expired and one is for another host, on purpose.

mod authority;
mod certificate;
mod controls;
mod curve_key;
mod material;
mod names;
mod root;
mod server;

pub(super) use authority::Authority;
pub(super) use controls::controls;
pub(super) use curve_key::CurveKey;
pub use material::Trust;
pub use root::KeyRoot;
pub(super) use server::Listener;

/// Keys or certificates cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// A certificate cannot be made.
    #[error("{0}")]
    Certificate(#[from] rcgen::Error),
    /// A private key cannot be written.
    #[error("{0}")]
    Key(#[from] p256::pkcs8::Error),
    /// A key for RSA cannot be made.
    #[error("{0}")]
    Rsa(#[from] rsa::Error),
    /// It cannot be written.
    #[error("{0}")]
    RsaKey(#[from] rsa::pkcs1::Error),
    /// Tokens cannot be signed with a key.
    #[error("{0}")]
    Token(#[from] jsonwebtoken::errors::Error),
    /// The mocks ended meanwhile.
    #[error("The mocks are ending.")]
    Ended,
    /// TLS does not take a certificate.
    #[error("{0}")]
    Tls(#[from] rustls::Error),
    /// The check of clients' certificates cannot be set up.
    #[error("{0}")]
    Clients(#[from] rustls::server::VerifierBuilderError),
}
