//! Where the parts of a release come from, as people wish it.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::path::PathBuf;

/// What images of a release are for.
pub const IMAGES: [&str; 2] = ["controller", "proxy"];

/// Where the parts of a release come from; what is left out is as the release line has it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SupplyWish {
    /// The resource definitions of Gateway API.
    pub gateway_api: GatewayApiWish,
    /// Charts by name, `agentgateway` or `agentgateway-crds`.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub charts: IndexMap<String, ChartWish>,
    /// Charts of people's own, each a path or `oci://…`, that take the place of the release's of the same name.
    #[serde(skip)]
    pub builds: Vec<String>,
    /// Images instead of those of the release, by what they are for: `controller`, `proxy`.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub images: IndexMap<String, String>,
    /// Other places for registries and URLs, by host or host and path.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub mirrors: IndexMap<String, MirrorWish>,
    /// PEM files with authorities that are trusted beside those of the system.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<PathBuf>,
}

/// The resource definitions of Gateway API that are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GatewayApiWish {
    /// Exact version, `1.5.1`; none: what the guides of the line install.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The release channel.
    pub channel: ChannelWish,
    /// A URL, a file, or a folder with `v<version>/<channel>-install.yaml`; none: upstream's release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What the file's SHA-256 must be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

/// A release channel of Gateway API.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChannelWish {
    /// What is stable.
    #[default]
    Standard,
    /// Everything.
    Experimental,
}

/// A chart that differs from that of the release.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChartWish {
    /// `oci://…`, or a packed or unpacked chart; none: where the line has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Its version, also a nightly tag such as `0.0.0-latest-dev`; none: that of the release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Values over those of the chart.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub values: Map<String, Value>,
}

/// Where to go instead of one host.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct MirrorWish {
    /// As this machine reaches it, `localhost:5001`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// As the nodes of the cluster reach it, `registry:5000`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// A folder that holds files under the paths of their URLs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<PathBuf>,
}

/// Where the mocks run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum MocksAt {
    /// As pods; in the background process where there are none.
    #[default]
    Cluster,
    /// As a process of this machine that pods reach through the host's address.
    Host,
}
