//! What people write as a release: a line, or an exact version.

use super::{ReleaseError, ReleaseLine, line, lines, newest_line, range::highest_number};
use semver::Version;
use serde::Serialize;
use std::fmt;

/// A release that exists as far as is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WantedRelease {
    /// Its line.
    pub line: &'static ReleaseLine,
    /// The exact version: the one that was asked for, or the newest of the line.
    pub version: Version,
}

impl fmt::Display for WantedRelease {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.line.product, self.version)
    }
}

/// Reads `agentgateway-1.4` (its newest known version) or `agentgateway 1.4.1`. RELEASE-01 for a line that does not
/// exist, RELEASE-02 for text that is neither, RELEASE-05 for a range that would take charts that ended, RELEASE-06 for `rc1`
/// instead of `rc.1`.
pub fn wanted(text: &str) -> Result<WantedRelease, ReleaseError> {
    let text = text.trim();
    let Some((product, number)) = text.split_once(' ') else {
        refuse_range(text, text.rsplit_once('-').map_or(text, |(_, number)| number))?;
        let line = line(text)?;
        return Ok(WantedRelease { line, version: line.newest.clone() });
    };
    let number = number.trim();
    let plain = number.strip_prefix('v').unwrap_or(number);
    let Ok(version) = Version::parse(plain) else {
        refuse_range(text, number)?;
        return Err(ReleaseError::NotAVersion { written: text.to_owned(), number: number.to_owned() });
    };
    let of_line = |line: &&ReleaseLine| line.product == product && line.minor() == (version.major, version.minor);
    match lines().iter().find(of_line) {
        Some(line) => with_dot(product, &version).map_or(Ok(WantedRelease { line, version }), Err),
        None => Err(ReleaseError::unknown(&format!("{product}-{}.{}", version.major, version.minor))),
    }
}

/// RELEASE-05 for `latest` and ranges that Helm would answer with a 2.x chart.
fn refuse_range(written: &str, range: &str) -> Result<(), ReleaseError> {
    // A plain number such as 2.2 is the end of a line's name, no range.
    if range.starts_with(|letter: char| letter.is_ascii_digit()) {
        return Ok(());
    }
    match highest_number(range).filter(|taken| taken.major >= 2) {
        Some(taken) => Err(ReleaseError::EndedLine {
            written: written.to_owned(),
            taken: format!("agentgateway {taken}"),
            right: newest_line()?.name.clone(),
        }),
        None => Ok(()),
    }
}

/// RELEASE-06 for `1.4.0-rc1`, which is a version in the letter of the standard, and none that was ever published.
fn with_dot(product: &str, version: &Version) -> Option<ReleaseError> {
    let pre = version.pre.as_str();
    let at = pre.find(|letter: char| letter.is_ascii_digit())?;
    let (word, number) = pre.split_at(at);
    if !["alpha", "beta", "rc"].contains(&word) {
        return None;
    }
    let Version { major, minor, patch, .. } = version;
    let right = format!("{product} {major}.{minor}.{patch}-{word}.{number}");
    Some(ReleaseError::PreReleaseWithoutDot { written: format!("{product} {version}"), right })
}

#[cfg(test)]
mod tests {
    use super::{ReleaseError, wanted};
    use miette::Diagnostic;

    #[test]
    fn a_line_stands_for_its_newest_version() {
        assert_eq!(wanted("agentgateway-1.4").unwrap().to_string(), "agentgateway 1.4.1");
        assert_eq!(wanted("agentgateway v1.4.0").unwrap().to_string(), "agentgateway 1.4.0");
    }

    #[test]
    fn the_release_that_never_was_has_a_story() {
        for text in ["agentgateway-2.3", "agentgateway 2.3.0"] {
            let error = wanted(text).unwrap_err();
            assert_eq!(error.to_string(), "there is no agentgateway 2.3");
            assert_eq!(error.code().unwrap().to_string(), "RELEASE-01");
            let help = error.help().unwrap().to_string();
            assert!(help.contains("went on as 1.0") && help.contains("agentgateway-1.4"), "{help}");
        }
    }

    #[test]
    fn a_slip_is_answered_with_the_nearest_line() {
        let help = wanted("agentgatway-1.4").unwrap_err().help().unwrap().to_string();
        assert!(help.contains("did you mean agentgateway-1.4?"), "{help}");
        assert!(matches!(wanted("agentgateway new").unwrap_err(), ReleaseError::NotAVersion { .. }));
    }
    #[test]
    fn a_range_that_would_take_a_chart_that_ended_is_refused_and_a_line_named() {
        for text in ["agentgateway latest", "agentgateway >=1", "agentgateway *", "latest", "agentgateway-latest"] {
            let error = wanted(text).unwrap_err();
            assert_eq!(error.code().unwrap().to_string(), "RELEASE-05", "{text}");
            assert!(error.to_string().contains("agentgateway 2.2.9"), "{error}");
            assert!(error.help().unwrap().to_string().contains("agentgateway-1.4"), "{error:?}");
        }
        assert!(matches!(wanted("agentgateway ^1").unwrap_err(), ReleaseError::NotAVersion { .. }));
    }

    #[test]
    fn a_pre_release_has_a_dot() {
        for (text, right) in [("agentgateway 1.4.0-rc1", "1.4.0-rc.1"), ("agentgateway v2.2.0-beta4", "2.2.0-beta.4")] {
            let error = wanted(text).unwrap_err();
            assert_eq!(error.code().unwrap().to_string(), "RELEASE-06");
            assert!(error.help().unwrap().to_string().contains(right), "{error:?}");
        }
        assert_eq!(wanted("agentgateway 1.4.0-rc.1").unwrap().to_string(), "agentgateway 1.4.0-rc.1");
    }
}
