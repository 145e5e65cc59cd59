//! A request in its canonical form, which both sides sign.

use http::{HeaderMap, Uri, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest, Sha256};

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The canonical form, with these headers in the order given.
pub(super) fn request(method: &str, uri: &Uri, headers: &HeaderMap, signed: &[&str], body: &[u8]) -> String {
    let lines: String = signed.iter().map(|name| format!("{name}:{}\n", header_value(name, uri, headers))).collect();
    let (path, query) = (path(uri.path()), query(uri.query().unwrap_or_default()));
    format!("{method}\n{path}\n{query}\n{lines}\n{}\n{}", signed.join(";"), hex::encode(Sha256::digest(body)))
}

/// The path, encoded once more than it is on the wire.
fn path(path: &str) -> String {
    let segments: Vec<String> =
        path.split('/').map(|segment| utf8_percent_encode(segment, UNRESERVED).to_string()).collect();
    segments.join("/")
}

fn query(query: &str) -> String {
    let encode = |text: &str| {
        let bytes: Vec<u8> = percent_decode_str(text).collect();
        percent_encoding::percent_encode(&bytes, UNRESERVED).to_string()
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let mut pairs: Vec<String> = pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            format!("{}={}", encode(name), encode(value))
        })
        .collect();
    pairs.sort();
    pairs.join("&")
}

/// The values of a header, joined, with white space folded. HTTP/2 has the host in the target.
fn header_value(name: &str, uri: &Uri, headers: &HeaderMap) -> String {
    let values = headers.get_all(name).iter().map(|value| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        value.split_whitespace().collect::<Vec<_>>().join(" ")
    });
    let value = values.collect::<Vec<_>>().join(",");
    match uri.authority() {
        Some(authority) if value.is_empty() && name == header::HOST.as_str() => authority.to_string(),
        _ => value,
    }
}
