//! The rules; data in `profiles/windows.yaml`.

use super::{Channel, Minor, rule::Rule};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// All that is known about what works together.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Windows {
    pub rules: Vec<Rule>,
    pub policies: Vec<Policy>,
    pub bundles: Vec<Bundle>,
}

/// What the admission policy of a bundle lets in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Policy {
    pub bundle: Minor,
    pub channel: Channel,
    /// The oldest definitions that it lets in.
    pub oldest: Minor,
}

/// Versions of definitions in a bundle, by the plural of the kind.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bundle {
    pub minor: Minor,
    pub channel: Channel,
    pub versions: BTreeMap<String, Vec<String>>,
}

static WINDOWS: LazyLock<Result<Windows, String>> = LazyLock::new(|| {
    serde_yaml::from_str(include_str!("../../../profiles/windows.yaml"))
        .map_err(|error: serde_yaml::Error| error.to_string())
});

/// The data; empty only if the program was built with broken data, which a test rules out.
pub(super) fn windows() -> &'static Windows {
    static NONE: Windows = Windows { rules: Vec::new(), policies: Vec::new(), bundles: Vec::new() };
    WINDOWS.as_ref().unwrap_or(&NONE)
}

/// The ids of all rules, in order.
pub fn window_ids() -> impl Iterator<Item = &'static str> {
    windows().rules.iter().map(|rule| rule.id.as_str())
}

#[cfg(test)]
mod tests {
    use super::{WINDOWS, windows};
    use crate::release::line;
    use std::collections::BTreeSet;

    #[test]
    fn the_data_is_whole() {
        assert_eq!(WINDOWS.as_ref().err(), None);
        let ids: BTreeSet<_> = super::window_ids().collect();
        assert_eq!(ids.len(), windows().rules.len(), "one id, one rule");
        for rule in &windows().rules {
            assert!(!rule.evidence.is_empty(), "{} has no evidence", rule.id);
            let ends = rule.lines.iter().flat_map(|lines| [&lines.from, &lines.to]).flatten();
            ends.for_each(|name| assert!(line(name).is_ok(), "{} names {name}", rule.id));
        }
    }
}
