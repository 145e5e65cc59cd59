//! Durations as Gateway API writes them.

use std::time::Duration;

/// Reads `1h30m`, `500ms`: up to four groups of digits and a unit (GEP-2257). `None` for anything else.
pub(in crate::gateway::controller) fn parse(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut total = Duration::ZERO;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, tail) = rest.split_at_checked(digits)?;
        let unit = tail.len() - tail.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
        let (unit, tail) = tail.split_at_checked(unit)?;
        let number: u64 = number.parse().ok()?;
        total = total.checked_add(match unit {
            "h" => Duration::from_secs(number.checked_mul(3600)?),
            "m" => Duration::from_secs(number.checked_mul(60)?),
            "s" => Duration::from_secs(number),
            "ms" => Duration::from_millis(number),
            _ => return None,
        })?;
        rest = tail;
    }
    Some(total)
}

/// A time limit; zero means none, as Gateway API has it.
pub(super) fn limit(text: Option<&str>) -> Option<Duration> {
    text.and_then(parse).filter(|duration| !duration.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_add_up_and_anything_else_is_refused() {
        assert_eq!(parse("1h30m"), Some(Duration::from_secs(5400)));
        assert_eq!(parse("100ms"), Some(Duration::from_millis(100)));
        for bad in ["", "1", "s", "1.5s", "1 s", "1d", "-1s", "99999999999999999999s", "18446744073709551615h"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
        assert_eq!(limit(Some("0s")), None);
    }
}
