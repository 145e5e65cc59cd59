//! The published version that was probably meant.

use crate::release::by_release_date;
use semver::Version;
use std::cmp::Ordering;

/// A tag that is a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Published {
    /// As the registry has it.
    pub tag: String,
    /// As it is compared.
    pub version: Version,
}

/// The tags that are versions. `_` stands for the `+` that a tag cannot have, as Helm writes it.
pub(super) fn published(tags: &[String]) -> Vec<Published> {
    let read = |tag: &String| Some(Published { version: version_of(tag)?, tag: tag.clone() });
    tags.iter().filter_map(read).collect()
}

/// Reads `1.4.1` or `v1.4.1`.
pub(super) fn version_of(tag: &str) -> Option<Version> {
    Version::parse(&tag.strip_prefix('v').unwrap_or(tag).replace('_', "+")).ok()
}

/// The other spelling of a tag: with a `v` where it has none, without where it has one.
pub(super) fn other_spelling(tag: &str) -> Option<String> {
    version_of(tag)?;
    Some(tag.strip_prefix('v').map_or_else(|| format!("v{tag}"), str::to_owned))
}

/// How versions of a chart follow each other. Those of agentgateway went down from 2.2 to 1.0.
pub(super) fn order(chart: &str, left: &Version, right: &Version) -> Ordering {
    if chart.starts_with("agentgateway") { by_release_date(left, right) } else { left.cmp(right) }
}

/// The newest release; a pre-release only where there is nothing else.
pub(super) fn newest<'a>(chart: &str, all: &'a [Published]) -> Option<&'a Published> {
    let rank = |one: &Published| one.version.pre.is_empty();
    all.iter()
        .max_by(|left, right| rank(left).cmp(&rank(right)).then_with(|| order(chart, &left.version, &right.version)))
}

/// The nearest published version and why it is the nearest. Text that is no version is compared by its letters.
pub(super) fn nearest<'a>(chart: &str, wanted: &str, all: &'a [Published]) -> Option<(&'a Published, &'static str)> {
    if let Some(slip) = respelled(wanted, all) {
        return Some((slip, "a pre-release is written with a dot, `-rc.1`"));
    }
    let Some(version) = version_of(wanted) else {
        return newest(chart, all).map(|newest| (newest, "that is not a version; the newest is"));
    };
    let of_line = |one: &&Published| (one.version.major, one.version.minor) == (version.major, version.minor);
    let line: Vec<_> = all.iter().filter(of_line).collect();
    let distance = |one: &Published| {
        let released = !one.version.pre.is_empty() && version.pre.is_empty();
        (released, one.version.patch.abs_diff(version.patch), one.version.pre != version.pre)
    };
    // Of equally near ones the newer.
    let close = line
        .into_iter()
        .min_by(|left, right| distance(left).cmp(&distance(right)).then_with(|| right.version.cmp(&left.version)));
    if let Some(close) = close {
        return Some((close, "the nearest of that line is"));
    }
    let reason = match (chart.starts_with("agentgateway"), version.major) {
        (true, 2) => "the 2.x charts ended with 2.2 in February 2026, the project went on as 1.0; the newest is",
        _ => "nothing of that line is published; the newest is",
    };
    newest(chart, all).map(|newest| (newest, reason))
}

/// `rc1` for `rc.1`, `1.4.0rc1`, `1.4.0-RC.1`: the same letters and digits.
fn respelled<'a>(wanted: &str, all: &'a [Published]) -> Option<&'a Published> {
    let plain = |text: &str| -> String {
        let text = text.strip_prefix('v').unwrap_or(text).to_ascii_lowercase();
        let (core, pre) = text
            .split_at(text.find(|letter: char| letter.is_ascii_alphabetic() || letter == '-').unwrap_or(text.len()));
        format!("{core}-{}", pre.replace(['.', '-', '_'], ""))
    };
    let wanted = plain(wanted);
    if wanted.ends_with('-') {
        return None;
    }
    all.iter().find(|one| plain(&one.tag) == wanted)
}

#[cfg(test)]
mod tests {
    use super::{nearest, newest, other_spelling, published, version_of};
    use proptest::prelude::*;

    const TAGS: [&str; 10] =
        ["1.0.1", "v1.3.1", "1.4.0", "1.4.0-rc.1", "1.4.0-rc.2", "1.4.1", "v1.4.1", "v2.2.0", "v2.2.9", "latest"];

    fn tags(tags: &[&str]) -> Vec<super::Published> {
        published(&tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn the_newest_is_not_the_greatest() {
        assert_eq!(newest("agentgateway", &tags(&TAGS)).unwrap().version.to_string(), "1.4.1");
        assert_eq!(newest("kgateway", &tags(&TAGS)).unwrap().version.to_string(), "2.2.9");
        assert_eq!(newest("agentgateway", &tags(&["1.0.0-rc.1"])).unwrap().tag, "1.0.0-rc.1");
    }

    #[test]
    fn the_nearest_comes_with_its_reason() {
        let found = |wanted: &str| {
            let all = tags(&TAGS);
            let (one, reason) = nearest("agentgateway", wanted, &all).unwrap();
            (one.version.to_string(), reason)
        };
        assert_eq!(found("1.4.9").0, "1.4.1");
        assert_eq!(found("v2.2.4").0, "2.2.0");
        assert_eq!(found("1.4.0-rc1"), ("1.4.0-rc.1".to_owned(), "a pre-release is written with a dot, `-rc.1`"));
        assert_eq!(found("1.4.0rc2").0, "1.4.0-rc.2");
        let (version, reason) = found("2.3.0");
        assert_eq!(version, "1.4.1");
        assert!(reason.contains("went on as 1.0"));
        assert_eq!(found("nonsense").0, "1.4.1");
    }

    #[test]
    fn a_tag_has_one_other_spelling() {
        assert_eq!(other_spelling("v1.4.1").as_deref(), Some("1.4.1"));
        assert_eq!(other_spelling("1.4.1").as_deref(), Some("v1.4.1"));
        assert_eq!(other_spelling("latest"), None);
        assert_eq!(version_of("0.0.0-latest-dev").unwrap().pre.as_str(), "latest-dev");
    }

    proptest! {
        #[test]
        fn the_nearest_is_published(wanted in "v?[0-3]\\.[0-4]\\.[0-9](-rc\\.?[0-9])?|[a-z0-9.-]{0,12}") {
            let all = tags(&TAGS);
            let (one, _) = nearest("agentgateway", &wanted, &all).unwrap();
            prop_assert!(all.contains(one));
            if let Some(same) = version_of(&wanted).filter(|version| all.iter().any(|one| one.version == *version)) {
                prop_assert_eq!(&one.version, &same);
            }
        }
    }
}
