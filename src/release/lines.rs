//! All release lines; data in `profiles/releases.yaml`.

use super::{ReleaseError, ReleaseLine};
use std::sync::LazyLock;

static LINES: LazyLock<Result<Vec<ReleaseLine>, String>> = LazyLock::new(|| {
    let mut lines: Vec<ReleaseLine> = serde_yaml::from_str(include_str!("../../profiles/releases.yaml"))
        .map_err(|error: serde_yaml::Error| error.to_string())?;
    lines.sort_by_key(|line| line.first_release);
    Ok(lines)
});

/// All lines, the oldest first; empty only if the program was built with broken data, which a test rules out.
pub fn lines() -> &'static [ReleaseLine] {
    LINES.as_deref().unwrap_or_default()
}

/// The line of that name, or RELEASE-01 with the nearest.
pub fn line(name: &str) -> Result<&'static ReleaseLine, ReleaseError> {
    lines().iter().find(|line| line.name == name).ok_or_else(|| ReleaseError::unknown(name))
}

/// The line that is taken where none was asked for: the newest whose schema was read from its source.
pub fn newest_line() -> Result<&'static ReleaseLine, ReleaseError> {
    line("agentgateway-1.4")
}

#[cfg(test)]
mod tests {
    use super::{LINES, line, lines};

    #[test]
    fn the_data_is_whole_and_ordered_by_date() {
        assert_eq!(LINES.as_ref().err(), None);
        let names: Vec<_> = lines().iter().map(|line| line.name.as_str()).collect();
        assert_eq!(names[..3], ["kgateway-2.1", "agentgateway-2.2", "agentgateway-1.0"]);
        for line in lines() {
            let (major, minor) = line.minor();
            assert_eq!(line.name, format!("{}-{major}.{minor}", line.product));
            assert_eq!(line.class(), "agentgateway", "{}", line.name);
            let of_group = |name: &String| name.ends_with(&format!(".{}", line.api_group));
            assert!(!line.definitions.is_empty() && line.definitions.iter().all(of_group), "{}", line.name);
        }
    }

    #[test]
    fn tags_are_written_as_the_registry_has_them() {
        let old = line("kgateway-2.1").unwrap();
        assert_eq!(old.tag(&old.newest), "v2.1.3");
        let new = line("agentgateway-1.4").unwrap();
        assert_eq!(new.tag(&new.newest), "1.4.1");
    }
}
