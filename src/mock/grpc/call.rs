//! What is known of a call before its first message.

use crate::mock::cue::Cue;
use http::HeaderMap;
use http::request::Parts;
use std::time::Duration;

/// A call before its first message.
#[derive(Debug, Clone)]
pub(in crate::mock) struct Call {
    /// What the lane wants.
    pub(in crate::mock) cue: Cue,
    /// Its metadata.
    pub(in crate::mock) headers: HeaderMap,
}

impl Call {
    /// The call of this request.
    pub(super) fn of(parts: &Parts) -> Self {
        let cue = parts.extensions.get::<Cue>().cloned().unwrap_or_default();
        Self { cue, headers: parts.headers.clone() }
    }

    /// How long the client waits for the end, if it says so. Source: PROTOCOL-HTTP2.md, "Timeout".
    pub(super) fn timeout(&self) -> Option<Duration> {
        let text = self.headers.get("grpc-timeout")?.to_str().ok()?;
        let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
        if number.is_empty() || number.len() > 8 || !number.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let number: u64 = number.parse().ok()?;
        Some(match unit {
            "H" => Duration::from_secs(number * 3_600),
            "M" => Duration::from_secs(number * 60),
            "S" => Duration::from_secs(number),
            "m" => Duration::from_millis(number),
            "u" => Duration::from_micros(number),
            "n" => Duration::from_nanos(number),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_is_a_number_and_a_unit() {
        let timeout = |text: &str| {
            let (parts, ()) = http::Request::builder().header("grpc-timeout", text).body(()).unwrap().into_parts();
            Call::of(&parts).timeout()
        };
        assert_eq!(timeout("250m"), Some(Duration::from_millis(250)));
        assert_eq!(timeout("99999999H"), Some(Duration::from_secs(99_999_999 * 3_600)));
        for wrong in ["", "m", "1", "-1S", "1x", "123456789S"] {
            assert_eq!(timeout(wrong), None, "{wrong}");
        }
    }
}
