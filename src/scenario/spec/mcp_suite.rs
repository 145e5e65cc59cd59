//! The step that runs the official conformance suite of MCP.

use super::{
    mistake::{Mistake, Parsed},
    place::Place,
};
use serde::Deserialize;
use std::time::Duration;

/// The official suite against an MCP endpoint, each of its scenarios by itself. The answer's JSON has `passed` and `failed`,
/// both in the order in which the scenarios are named here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct SuiteCall {
    /// Version of the suite, `0.1.16`.
    pub version: String,
    /// Path; left out: `/mcp`.
    pub path: Option<String>,
    /// Host; left out: `localhost`.
    pub host: Option<String>,
    /// Names of its scenarios.
    pub scenarios: Vec<String>,
}

impl SuiteCall {
    /// Time for the whole suite; some of its scenarios wait for half a minute before they fail.
    pub const LONGEST: Duration = Duration::from_secs(240);
}

/// A suite is of a version and has scenarios.
pub(super) fn check(call: &SuiteCall, place: &Place) -> Parsed<()> {
    if call.version.is_empty()
        || !call.version.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
    {
        return Err(Mistake::new(&place.key("version"), "`version` is that of the suite, like `0.1.16`"));
    }
    if call.scenarios.is_empty() {
        return Err(Mistake::new(&place.key("scenarios"), "`scenarios` names what is run"));
    }
    Ok(())
}
