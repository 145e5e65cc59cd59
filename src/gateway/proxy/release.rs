//! What depends on the release that is played.

/// Whether a release, `v1.4.1`, is this version or a later one. What is no release counts as the newest.
pub fn is_since(release: &str, version: (u32, u32)) -> bool {
    let text = release.strip_prefix('v').unwrap_or(release);
    let mut numbers = text.split(['.', '-']).map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= version,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::is_since;

    #[test]
    fn releases_are_ordered_by_their_numbers() {
        assert!(is_since("v1.5.0", (1, 5)) && is_since("1.10.2", (1, 5)) && is_since("v1.5.0-beta.1", (1, 5)));
        assert!(!is_since("v1.4.1", (1, 5)) && !is_since("1.0", (1, 5)));
        assert!(is_since("main", (1, 5)));
    }
}
