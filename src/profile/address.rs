//! `host:port`.

/// Whether it is a host and a port.
pub(super) fn is_authority(text: &str) -> bool {
    let Some((host, port)) = text.rsplit_once(':') else { return false };
    let port = port.parse::<u16>().is_ok_and(|port| port > 0);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let bracketed = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let host = match bracketed {
        Some(inner) => inner.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !host.is_empty() && host.bytes().all(plain),
    };
    port && host
}

#[cfg(test)]
mod tests {
    use super::is_authority;

    #[test]
    fn a_host_and_a_port_are_needed() {
        for good in ["host.internal:11434", "127.0.0.1:1", "[::1]:8080"] {
            assert!(is_authority(good), "{good}");
        }
        for bad in ["host.internal", "http://host:80", "host:0", "host:70000", ":80", "a b:1", "::1:80", ""] {
            assert!(!is_authority(bad), "{bad}");
        }
    }
}
