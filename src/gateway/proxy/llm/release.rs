//! What differs between releases.

/// Whether a release came after 1.4.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Later(bool);

impl Later {
    /// Of a release as the proxy plays it, `v1.4.1`. The 2.x releases came before 1.0.
    pub fn of(release: &str) -> Self {
        let mut numbers = release.trim_start_matches('v').split('.').map(|number| number.parse::<u32>().ok());
        Self(matches!((numbers.next().flatten(), numbers.next().flatten()), (Some(1), Some(5..))))
    }

    /// Whether it is 1.5 or later.
    pub fn is_1_5(self) -> bool {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_point_x_came_before_one_point_zero() {
        for (release, later) in [("v1.4.1", false), ("1.5.0", true), ("2.2.1", false), ("v1.10.0", true)] {
            assert_eq!(Later::of(release).is_1_5(), later, "{release}");
        }
    }
}
