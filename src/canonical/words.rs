//! The small words of the short form: names, `host:port`, durations.

use serde::Serialize;
use std::time::Duration;

/// Shortest timeout that the resources allow. Source: the CEL rules of AgentgatewayPolicy 1.4.
pub const SHORTEST_TIMEOUT: Duration = Duration::from_millis(100);

/// Host and port of a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Authority {
    /// DNS name or IP address.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

impl Authority {
    /// Reads `host:port`.
    pub fn parse(text: &str) -> Option<Self> {
        let (host, port) = text.rsplit_once(':')?;
        let port = port.parse().ok().filter(|port| *port > 0)?;
        is_host(host).then(|| Self { host: host.to_owned(), port })
    }

    /// Reads `host:port/path`; without a path, `default` is taken.
    pub fn parse_with_path(text: &str, default: &str) -> Option<(Self, String)> {
        match text.split_once('/') {
            Some((authority, path)) => Some((Self::parse(authority)?, format!("/{path}"))),
            None => Some((Self::parse(text)?, default.to_owned())),
        }
    }
}

/// Whether this is a DNS label: lower-case letters, digits and `-`, 63 at most.
pub fn is_label(name: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !name.is_empty() && name.len() <= 63 && name.bytes().all(good) && !name.starts_with('-') && !name.ends_with('-')
}

/// Whether this is a host name in lower case, which may begin with `*.` where `wildcard` says so.
pub fn is_hostname(name: &str, wildcard: bool) -> bool {
    let name = if wildcard { name.strip_prefix("*.").unwrap_or(name) } else { name };
    name.len() <= 253 && name.split('.').all(is_label)
}

fn is_host(host: &str) -> bool {
    is_hostname(host, false) || host.parse::<std::net::IpAddr>().is_ok()
}

/// Reads a duration as the Gateway API writes it: `100ms`, `30s`, `1m30s`.
pub fn duration(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut total = Duration::ZERO;
    for _ in 0..4 {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || digits > 5 {
            return None;
        }
        let (number, tail) = rest.split_at(digits);
        let letters = tail.bytes().take_while(u8::is_ascii_lowercase).count();
        let (unit, tail) = tail.split_at(letters);
        total += unit_of(unit)? * number.parse().ok()?;
        rest = tail;
        if rest.is_empty() {
            return Some(total);
        }
    }
    None
}

fn unit_of(unit: &str) -> Option<Duration> {
    match unit {
        "ms" => Some(Duration::from_millis(1)),
        "s" => Some(Duration::from_secs(1)),
        "m" => Some(Duration::from_secs(60)),
        "h" => Some(Duration::from_secs(3600)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_those_of_the_gateway_api() {
        assert_eq!(duration("1m30s"), Some(Duration::from_secs(90)));
        assert_eq!(duration("100ms"), Some(Duration::from_millis(100)));
        for bad in ["", "s", "1.5s", "100000s", "1d", "1s1s1s1s1s", "-1s", "5"] {
            assert_eq!(duration(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_authority_has_a_port_and_may_have_a_path() {
        let (server, path) = Authority::parse_with_path("host.internal:3000/tools/mcp", "/mcp").unwrap();
        assert_eq!((server.host.as_str(), server.port, path.as_str()), ("host.internal", 3000, "/tools/mcp"));
        for bad in ["host", "host:0", "host:70000", "UPPER:1", ":80", "http://x:1"] {
            assert!(Authority::parse(bad).is_none(), "{bad}");
        }
    }
}
