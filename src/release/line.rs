//! One release line.

use semver::Version;
use serde::{Deserialize, Serialize};

/// A line of releases that differ only in patches. Source: `facts/lifecycle.md` A.1 to A.3.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ReleaseLine {
    /// `agentgateway-1.4`.
    pub name: String,
    /// The product, `agentgateway` or `kgateway`.
    pub product: String,
    /// Date of the first release, which orders lines; versions do not.
    pub first_release: jiff::civil::Date,
    /// The newest version that is known, `1.4.1`.
    pub newest: Version,
    /// Proxy version where it is not that of the line, `0.12.0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy: Option<Version>,
    /// Where its charts are.
    pub charts: ChartCoordinates,
    /// Namespace of the controller.
    pub namespace: String,
    /// Name of the controller's Deployment.
    pub deployment: String,
    /// API group of its backends and policies.
    pub api_group: String,
    /// `controllerName` of the GatewayClass.
    pub controller_name: String,
    /// Minor versions of Gateway API that its documentation names, oldest and newest.
    pub gateway_api: [String; 2],
    /// Gateway API version that it was built with, in its newest patch; that of 1.3 is the newest that it survives.
    /// Source: `facts/lifecycle.md` A.1, module pins, and A.2.
    pub gateway_api_recommended: Version,
    /// Minor versions of Kubernetes that its documentation names, oldest and newest.
    pub kubernetes: [String; 2],
}

impl ReleaseLine {
    /// Its minor version, `1.4`.
    pub fn minor(&self) -> (u64, u64) {
        (self.newest.major, self.newest.minor)
    }

    /// A version as the charts of this line are tagged, `v2.1.3` or `1.4.1`.
    pub fn tag(&self, version: &Version) -> String {
        format!("{}{version}", self.charts.tag_prefix)
    }
}

/// Where the charts of a line are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ChartCoordinates {
    /// The chart with the resource definitions.
    pub definitions: String,
    /// The chart with the controller.
    pub controller: String,
    /// What stands before a version in a tag: `v` or nothing.
    #[serde(default)]
    pub tag_prefix: String,
}
