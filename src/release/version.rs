//! Versions of charts, which do not grow with time: 2.2 came before 1.0.

use super::{ReleaseLine, lines};
use semver::Version;
use std::cmp::Ordering;
use std::fmt;

/// A version of the gateway's charts. Ordered by the date of its line, then by version: 2.2.1 is older than 1.0.0.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ChartVersion(Version);

impl ChartVersion {
    /// Reads `1.4.1` or `v1.4.1`.
    pub fn parse(text: &str) -> Option<Self> {
        Version::parse(text.strip_prefix('v').unwrap_or(text)).ok().map(Self)
    }

    /// The plain version.
    pub fn number(&self) -> &Version {
        &self.0
    }

    /// Its line, if it is known.
    pub fn line(&self) -> Option<&'static ReleaseLine> {
        lines().iter().find(|line| line.minor() == (self.0.major, self.0.minor))
    }
}

impl From<Version> for ChartVersion {
    fn from(version: Version) -> Self {
        Self(version)
    }
}

impl fmt::Display for ChartVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl PartialOrd for ChartVersion {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ChartVersion {
    fn cmp(&self, other: &Self) -> Ordering {
        by_release_date(&self.0, &other.0)
    }
}

/// Orders two versions of the gateway by when they came out. The 2.x versions came before 1.0; within one of these two
/// eras versions grow with time.
pub fn by_release_date(left: &Version, right: &Version) -> Ordering {
    let era = |version: &Version| version.major < 2;
    era(left).cmp(&era(right)).then_with(|| left.cmp(right))
}

#[cfg(test)]
mod tests {
    use super::ChartVersion;
    use proptest::prelude::*;

    fn version(text: &str) -> ChartVersion {
        ChartVersion::parse(text).unwrap()
    }

    #[test]
    fn the_number_went_down_while_time_went_on() {
        assert!(version("2.2.1") < version("1.0.0"));
        assert!(version("v2.1.3") < version("2.2.0"));
        assert!(version("1.3.1") < version("1.4.0"));
        assert!(version("1.4.0-rc.1") < version("1.4.0"));
    }

    #[test]
    fn lines_and_versions_agree_on_the_order() {
        let mut versions: Vec<_> = super::lines().iter().map(|line| ChartVersion(line.newest.clone())).collect();
        let by_date = versions.clone();
        versions.sort();
        assert_eq!(versions, by_date);
    }

    proptest! {
        #[test]
        fn the_order_is_total(numbers in proptest::collection::vec((0_u64..4, 0_u64..4, 0_u64..3), 3)) {
            let [a, b, c] = [0, 1, 2].map(|i| version(&format!("{}.{}.{}", numbers[i].0, numbers[i].1, numbers[i].2)));
            prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
            if a <= b && b <= c {
                prop_assert!(a <= c);
            }
        }
    }
}
