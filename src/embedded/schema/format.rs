//! String formats that the API server checks. Source: kube-openapi `pkg/validation/strfmt`.

use regex::Regex;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::OnceLock;

/// A format that the API server checks; it takes no notice of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Byte,
    Cidr,
    Date,
    DateTime,
    Duration,
    Email,
    Hostname,
    Ipv4,
    Ipv6,
    Mac,
    Uri,
    Uuid,
}

static DATE_TIME: OnceLock<Option<Regex>> = OnceLock::new();
static DURATION: OnceLock<Option<Regex>> = OnceLock::new();
static HOSTNAME: OnceLock<Option<Regex>> = OnceLock::new();
static UUID: OnceLock<Option<Regex>> = OnceLock::new();
static MAC: OnceLock<Option<Regex>> = OnceLock::new();
static EMAIL: OnceLock<Option<Regex>> = OnceLock::new();
static URI: OnceLock<Option<Regex>> = OnceLock::new();

impl Format {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "byte" => Self::Byte,
            "cidr" => Self::Cidr,
            "date" => Self::Date,
            "date-time" | "datetime" => Self::DateTime,
            "duration" => Self::Duration,
            "email" => Self::Email,
            "hostname" => Self::Hostname,
            "ipv4" => Self::Ipv4,
            "ipv6" => Self::Ipv6,
            "mac" => Self::Mac,
            "uri" => Self::Uri,
            "uuid" => Self::Uuid,
            _ => return None,
        })
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Byte => "byte",
            Self::Cidr => "cidr",
            Self::Date => "date",
            Self::DateTime => "date-time",
            Self::Duration => "duration",
            Self::Email => "email",
            Self::Hostname => "hostname",
            Self::Ipv4 => "ipv4",
            Self::Ipv6 => "ipv6",
            Self::Mac => "mac",
            Self::Uri => "uri",
            Self::Uuid => "uuid",
        }
    }

    pub(super) fn accepts(self, text: &str) -> bool {
        match self {
            Self::Byte => base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text).is_ok(),
            Self::Cidr => is_cidr(text),
            Self::Date => is_date(text),
            Self::DateTime => is_date_time(text),
            Self::Duration => is_duration(text),
            Self::Email => fits(&EMAIL, r"^[^\s@<>]+@[^\s@<>]+$", text),
            Self::Hostname => {
                text.len() <= 253
                    && fits(
                        &HOSTNAME,
                        r"^[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,62})(\.[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,62}))*\.?$",
                        text,
                    )
            }
            Self::Ipv4 => text.parse::<Ipv4Addr>().is_ok(),
            Self::Ipv6 => text.parse::<Ipv6Addr>().is_ok(),
            Self::Mac => fits(&MAC, r"^([0-9a-fA-F]{2}[:-]){5}([0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){0,14})$", text),
            Self::Uri => fits(&URI, r"^(/|[a-zA-Z][a-zA-Z0-9+.-]*:)[^\s]*$", text),
            Self::Uuid => fits(&UUID, r"(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$", text),
        }
    }
}

fn fits(cell: &'static OnceLock<Option<Regex>>, pattern: &str, text: &str) -> bool {
    cell.get_or_init(|| Regex::new(pattern).ok()).as_ref().is_some_and(|regex| regex.is_match(text))
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}

fn is_date_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once(['T', 't']) else {
        return false;
    };
    let clock = r"^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?([zZ]|[+-][0-9]{2}:[0-9]{2})$";
    is_date(date) && fits(&DATE_TIME, clock, time)
}

fn is_duration(text: &str) -> bool {
    let go = r"^[+-]?(0|([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))*$|^\s*[0-9]+\s*(n|ns|nano|nanos|u|us|µs|micro|micros|ms|milli|millis|s|sec|secs|second|seconds|m|min|mins|minute|minutes|h|hr|hour|hours|d|day|days|w|wk|week|weeks)\s*$";
    fits(&DURATION, go, text)
}

fn is_cidr(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else {
        return false;
    };
    let most = if address.parse::<Ipv4Addr>().is_ok() {
        32
    } else if address.parse::<Ipv6Addr>().is_ok() {
        128
    } else {
        return false;
    };
    bits.parse::<u8>().is_ok_and(|bits| bits <= most)
}

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn knows_good_from_bad() {
        let cases = [
            (Format::DateTime, "2026-01-01T00:00:00Z", "2026-01-01"),
            (Format::Duration, "1h30m", "soon"),
            (Format::Ipv4, "10.0.0.1", "10.0.0.256"),
            (Format::Cidr, "10.0.0.0/8", "10.0.0.0/33"),
            (Format::Uri, "https://a.example", ":x"),
            (Format::Byte, "aGk=", "a"),
            (Format::Uuid, "123e4567-e89b-12d3-a456-426614174000", "123e4567"),
        ];
        for (format, good, bad) in cases {
            assert!(format.accepts(good), "{good}");
            assert!(!format.accepts(bad), "{bad}");
        }
    }
}
