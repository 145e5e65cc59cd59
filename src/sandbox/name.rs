//! The name of a sandbox.

use super::SandboxError;
use std::{fmt, str::FromStr};

/// Longest name; it is part of cluster names and labels.
const LONGEST: usize = 40;

/// The name of a sandbox: lower-case letters, digits and `-`, beginning with a letter, 40 characters at most.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SandboxName(String);

impl SandboxName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SandboxName {
    type Err = SandboxError;

    fn from_str(name: &str) -> Result<Self, SandboxError> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let good = name.len() <= LONGEST
            && name.bytes().all(plain)
            && name.starts_with(|first: char| first.is_ascii_lowercase())
            && !name.ends_with('-');
        if good { Ok(Self(name.to_owned())) } else { Err(SandboxError::BadName { name: name.to_owned() }) }
    }
}

impl fmt::Display for SandboxName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_fits_into_cluster_names_and_paths() {
        for good in ["default", "a", "team-2"] {
            assert!(good.parse::<SandboxName>().is_ok(), "{good}");
        }
        for bad in ["", "A", "2a", "a-", "../x", "a/b", "a b", &"a".repeat(41)] {
            assert!(bad.parse::<SandboxName>().is_err(), "{bad}");
        }
    }
}
