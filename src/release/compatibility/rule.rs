//! One rule: windows that all must fit, and what is said then.

use super::{Channel, Minor, Severity, Wish, circumstance::Circumstance};
use crate::release::lines;
use semver::Version;
use serde::Deserialize;

/// One rule.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Rule {
    pub id: String,
    pub severity: Severity,
    /// Lines by date, both ends included.
    #[serde(default)]
    pub lines: Option<LineWindow>,
    /// Exact releases within these lines.
    #[serde(default)]
    pub versions: Option<VersionWindow>,
    #[serde(default)]
    pub kubernetes: Option<MinorWindow>,
    #[serde(default)]
    pub gateway_api: Option<MinorWindow>,
    #[serde(default)]
    pub channel: Option<Channel>,
    /// What is no window.
    #[serde(default)]
    pub circumstance: Option<Circumstance>,
    /// Later rules that have nothing to add where this one speaks.
    #[serde(default)]
    pub replaces: Vec<String>,
    pub problem: String,
    pub because: String,
    pub right: String,
    pub evidence: Vec<String>,
}

impl Rule {
    /// Whether all its windows fit; one whose value is not known does not.
    pub(super) fn fits(&self, wish: &Wish) -> bool {
        let minor = |window: Option<MinorWindow>, minor: Option<Minor>| {
            window.is_none_or(|window| minor.is_some_and(|minor| window.holds(minor)))
        };
        self.lines.as_ref().is_none_or(|window| window.holds(&wish.line.name))
            && self.versions.as_ref().is_none_or(|window| window.holds(&wish.version))
            && minor(self.kubernetes, wish.kubernetes)
            && minor(self.gateway_api, wish.gateway_api_minor())
            && self.channel.is_none_or(|channel| channel == wish.channel)
    }
}

/// Minor versions, both ends included, or all outside of such a window.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct MinorWindow {
    #[serde(default)]
    from: Option<Minor>,
    #[serde(default)]
    to: Option<Minor>,
    #[serde(default)]
    outside: Option<[Minor; 2]>,
}

impl MinorWindow {
    fn holds(self, minor: Minor) -> bool {
        self.from.is_none_or(|from| from <= minor)
            && self.to.is_none_or(|to| minor <= to)
            && self.outside.is_none_or(|[oldest, newest]| minor < oldest || newest < minor)
    }
}

/// Exact releases: `from` is included, `before` is not.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VersionWindow {
    #[serde(default)]
    from: Option<Version>,
    #[serde(default)]
    before: Option<Version>,
}

impl VersionWindow {
    fn holds(&self, version: &Version) -> bool {
        self.from.as_ref().is_none_or(|from| from <= version)
            && self.before.as_ref().is_none_or(|before| version < before)
    }
}

/// Lines in the order of their dates, both ends included.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LineWindow {
    #[serde(default)]
    pub from: Option<String>,
    #[serde(default)]
    pub to: Option<String>,
}

impl LineWindow {
    fn holds(&self, name: &str) -> bool {
        let place = |name: &str| lines().iter().position(|line| line.name == name);
        let at = place(name);
        self.from.as_deref().is_none_or(|from| place(from) <= at) && self.to.as_deref().is_none_or(|to| at <= place(to))
    }
}
