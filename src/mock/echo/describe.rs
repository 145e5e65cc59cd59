//! Everything that was received, as JSON.

use super::certificate::described;
use crate::mock::line::Line;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::request::Parts;
use serde_json::{Map, Value, json};

/// The head of a request and what is known of its connection. Headers stand in the order of their arrival, those of one
/// name together; the bytes of a value that is no text become `\u{fffd}`.
pub(super) fn head(parts: &Parts, listener: &str) -> Map<String, Value> {
    let headers = parts.headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        json!([name.as_str(), value])
    });
    let line = parts.extensions.get::<Line>();
    let tls = line.and_then(Line::tls);
    let known = [
        ("listener", json!(listener)),
        ("client", json!(line.and_then(Line::client).map(|address| address.to_string()))),
        ("protocol", json!(format!("{:?}", parts.version))),
        ("method", json!(parts.method.as_str())),
        ("target", json!(parts.uri.path_and_query().map_or("/", |target| target.as_str()))),
        ("authority", json!(parts.uri.authority().map(|authority| authority.as_str()))),
        ("headers", headers.collect()),
        (
            "tls",
            json!(tls.map(|tls| json!({
                "version": tls.version,
                "cipher": tls.cipher,
                "serverName": tls.server_name,
                "protocol": tls.protocol,
            }))),
        ),
        ("clientCertificate", json!(tls.and_then(|tls| tls.client_certificate.as_ref()).map(|der| described(der)))),
    ];
    known.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The same with the body: as text, and in Base64 where it is no text.
pub(super) fn whole(parts: &Parts, listener: &str, body: &[u8]) -> Value {
    let mut described = head(parts, listener);
    match std::str::from_utf8(body) {
        Ok(text) => described.insert("body".to_owned(), text.into()),
        Err(_) => described.insert("bodyBase64".to_owned(), STANDARD.encode(body).into()),
    };
    Value::Object(described)
}
