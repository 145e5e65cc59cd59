//! What people write as a release: a line, or an exact version.

use super::{ReleaseError, ReleaseLine, line, lines};
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
/// exist, RELEASE-02 for text that is neither.
pub fn wanted(text: &str) -> Result<WantedRelease, ReleaseError> {
    let text = text.trim();
    let Some((product, number)) = text.split_once(' ') else {
        let line = line(text)?;
        return Ok(WantedRelease { line, version: line.newest.clone() });
    };
    let number = number.trim();
    let plain = number.strip_prefix('v').unwrap_or(number);
    let Ok(version) = Version::parse(plain) else {
        return Err(ReleaseError::NotAVersion { written: text.to_owned(), number: number.to_owned() });
    };
    let of_line = |line: &&ReleaseLine| line.product == product && line.minor() == (version.major, version.minor);
    match lines().iter().find(of_line) {
        Some(line) => Ok(WantedRelease { line, version }),
        None => Err(ReleaseError::unknown(&format!("{product}-{}.{}", version.major, version.minor))),
    }
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
}
