//! What the handshake of TLS agreed on.

use rustls::ServerConnection;
use rustls::pki_types::CertificateDer;

/// An encrypted connection, as the server sees it.
#[derive(Debug)]
pub(super) struct TlsSession {
    /// `TLSv1_3` or `TLSv1_2`.
    pub(super) version: String,
    /// The cipher suite, by its name in the registry of IANA.
    pub(super) cipher: String,
    /// The name that the client asked for.
    pub(super) server_name: Option<String>,
    /// The protocol that both speak inside: `h2`, `http/1.1`.
    pub(super) protocol: Option<String>,
    /// The client's certificate, where it brought one.
    pub(super) client_certificate: Option<CertificateDer<'static>>,
}

impl TlsSession {
    /// Of a connection after its handshake.
    pub(super) fn of(connection: &ServerConnection) -> Self {
        let certificates = connection.peer_certificates().unwrap_or_default();
        let protocol = connection.alpn_protocol().map(|name| String::from_utf8_lossy(name).into_owned());
        Self {
            version: connection.protocol_version().map(|version| format!("{version:?}")).unwrap_or_default(),
            cipher: connection
                .negotiated_cipher_suite()
                .map(|suite| format!("{:?}", suite.suite()))
                .unwrap_or_default(),
            server_name: connection.server_name().map(str::to_owned),
            protocol,
            client_certificate: certificates.first().map(|certificate| certificate.clone().into_owned()),
        }
    }
}
