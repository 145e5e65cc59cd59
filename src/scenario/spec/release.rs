//! Releases of the gateway in the order of their dates.

use std::cmp::Ordering;

/// A release of the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Release {
    major: u32,
    minor: u32,
    patch: u32,
}

impl Release {
    /// Reads `1.4`, `1.4.1`, `v1.4.1`, `1.4.1-rc.1` (as 1.4.1).
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let text = text.split(['-', '+']).next()?;
        let mut numbers = text.split('.').map(|number| number.parse().ok());
        let (major, minor) = (numbers.next()??, numbers.next()??);
        let patch = match numbers.next() {
            Some(patch) => patch?,
            None => 0,
        };
        numbers.next().is_none().then_some(Self { major, minor, patch })
    }

    /// The charts of 2.x ended in February 2026, before the project went on as 1.0.
    fn rank(self) -> (bool, u32, u32, u32) {
        (self.major < 2, self.major, self.minor, self.patch)
    }
}

impl Ord for Release {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl PartialOrd for Release {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Releases from one on and before another: `1.0..1.5`, `1.5..`, `..1.2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReleaseRange {
    from: Option<Release>,
    before: Option<Release>,
}

impl ReleaseRange {
    /// Reads a range.
    pub fn parse(text: &str) -> Option<Self> {
        let (from, before) = text.split_once("..")?;
        let end = |text: &str| if text.is_empty() { Some(None) } else { Release::parse(text).map(Some) };
        let range = Self { from: end(from)?, before: end(before)? };
        (range.from.is_some() || range.before.is_some()).then_some(range)
    }

    /// Whether a release is in it.
    pub fn contains(&self, release: Release) -> bool {
        self.from.is_none_or(|from| release >= from) && self.before.is_none_or(|before| release < before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_that_of_dates_and_not_of_numbers() {
        let release = |text| Release::parse(text).unwrap();
        assert!(release("2.2.0") < release("1.0.0") && release("1.4") < release("v1.4.1"));
        let range = ReleaseRange::parse("1.0..1.5").unwrap();
        assert!(
            range.contains(release("1.4.1")) && !range.contains(release("1.5.0")) && !range.contains(release("2.2.0"))
        );
        assert!(ReleaseRange::parse("1.5..").unwrap().contains(release("1.5.0-rc.1")));
        assert!(["..", "x-llm", "1.4", "a..b"].iter().all(|bad| ReleaseRange::parse(bad).is_none()));
    }
}
