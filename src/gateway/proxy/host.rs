//! Host names: of requests, and the patterns of listeners and routes.

use http::{HeaderMap, Uri, header};

/// The client's Host: what it asked for, port included.
pub fn client_host<'r>(uri: &'r Uri, headers: &'r HeaderMap) -> Option<&'r str> {
    uri.authority()
        .map(http::uri::Authority::as_str)
        .or_else(|| headers.get(header::HOST)?.to_str().ok())
        .map(|authority| authority.rsplit_once('@').map_or(authority, |(_, host)| host))
        .filter(|host| !host.is_empty())
}

/// A host without its port. The brackets of an IPv6 address stay.
pub fn without_port(host: &str) -> &str {
    let name_end = host.rfind(']').map_or(0, |bracket| bracket + 1);
    host[name_end..].find(':').map_or(host, |colon| &host[..name_end + colon])
}

/// A host name that is asked for. Variants are in the order of their specificity.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum HostPattern {
    /// Every host.
    Any,
    /// `*.suffix`: one label or more in front of the suffix, kept with its dot.
    Suffix(String),
    /// Exactly this.
    Exact(String),
}

impl HostPattern {
    /// From a hostname of a listener or route.
    pub fn new(hostname: Option<&str>) -> Self {
        match hostname {
            None | Some("" | "*") => Self::Any,
            Some(name) => match name.strip_prefix('*') {
                Some(suffix) => Self::Suffix(suffix.to_ascii_lowercase()),
                None => Self::Exact(name.to_ascii_lowercase()),
            },
        }
    }

    /// Whether a host, without port, fits. Case does not matter.
    pub fn fits(&self, host: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Exact(name) => name.eq_ignore_ascii_case(host),
            Self::Suffix(suffix) => {
                let (host, suffix) = (host.as_bytes(), suffix.as_bytes());
                host.len() > suffix.len() && host[host.len() - suffix.len()..].eq_ignore_ascii_case(suffix)
            }
        }
    }

    /// Greater is more specific: exact names before wildcards, long ones before short ones.
    pub fn specificity(&self) -> (u8, usize) {
        match self {
            Self::Any => (0, 0),
            Self::Suffix(suffix) => (1, suffix.len()),
            Self::Exact(name) => (2, name.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_cut_off() {
        for (host, name) in [
            ("a.test", "a.test"),
            ("a.test:80", "a.test"),
            ("127.0.0.1:3000", "127.0.0.1"),
            ("[::1]:80", "[::1]"),
            ("[::1]", "[::1]"),
        ] {
            assert_eq!(without_port(host), name);
        }
    }

    #[test]
    fn wildcards_take_one_label_or_more() {
        let pattern = HostPattern::new(Some("*.Example.com"));
        assert!(pattern.fits("a.example.COM") && pattern.fits("b.a.example.com"));
        assert!(!pattern.fits("example.com") && !pattern.fits("badexample.com"));
    }
}
