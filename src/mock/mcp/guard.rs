//! Who may call: nobody whom the page of a stranger sends (DNS rebinding).

use super::refusal::{TRANSPORT_ERROR, refusal};
use axum::extract::Request;
use axum::response::Response;
use http::uri::Authority;
use http::{HeaderMap, StatusCode, Uri, header};
use std::net::IpAddr;

/// The endings of names that no stranger can have; those with an address in them lead to that address.
const NEAR_ENDINGS: [&str; 8] =
    [".localhost", ".local", ".internal", ".test", ".svc", ".svc.cluster.local", ".nip.io", ".sslip.io"];

/// The refusal of a request from a foreign origin, and of one for a foreign host where the server is strict.
pub(super) fn stranger(is_strict: bool, request: &Request) -> Option<Response> {
    let headers = request.headers();
    let origin = headers.get(header::ORIGIN).map(|origin| origin.to_str().unwrap_or_default());
    let what = if origin.is_some_and(|origin| !is_near_origin(origin)) {
        "Forbidden: this Origin is not allowed"
    } else if is_strict && !is_near(host_of(headers, request.uri())) {
        "Forbidden: this Host is not allowed"
    } else {
        return None;
    };
    Some(refusal(StatusCode::FORBIDDEN, TRANSPORT_ERROR, what, None))
}

/// The host that a request names.
pub(super) fn host_of<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> &'a str {
    let named = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    // HTTP/2 has the host in the target.
    named.or_else(|| uri.authority().map(Authority::as_str)).unwrap_or_default()
}

fn is_near_origin(origin: &str) -> bool {
    origin.split_once("://").is_some_and(|(_, host)| is_near(host))
}

/// Whether a host, with or without a port, is of this machine, of a cluster, or an address.
fn is_near(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let name = authority.host().trim_matches(['[', ']']).trim_end_matches('.').to_ascii_lowercase();
    if name.is_empty() || name.contains('@') {
        return false;
    }
    // A page of a stranger is at a name that the stranger owns: never at an address, and never at a single word.
    name.parse::<IpAddr>().is_ok() || !name.contains('.') || NEAR_ENDINGS.iter().any(|ending| name.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gateways_pass_and_strangers_do_not() {
        let near = ["localhost:3000", "127.0.0.1", "[::1]:80", "172.18.0.4:9121", "everything", "mcp-01.test:8080"];
        let service = ["everything.agw-mocks.svc.cluster.local", "everything.mcp-01.svc:80", "host.docker.internal"];
        assert!(near.iter().chain(&service).all(|host| is_near(host)));
        for far in ["evil.example.com", "localhost.evil.com", "127.0.0.1.evil.com:80", "", "a b", "[::1"] {
            assert!(!is_near(far), "{far}");
        }
        assert!(is_near_origin("http://localhost:5173") && !is_near_origin("null"));
        assert!(!is_near_origin("https://evil.example.com") && !is_near_origin("localhost"));
    }
}
