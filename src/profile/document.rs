//! One file as it is written: everything may be left out.

use super::{ChannelWish, Implementation, LogLevel, MirrorWish, MocksAt, ProviderChoice};
use crate::canonical::{Backend, Policy, Route};
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::{Map, Value};

/// The keys of a profile file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(super) struct Document {
    pub schema: Option<String>,
    pub kind: Option<String>,
    pub title: Option<String>,
    /// A built-in name or a file.
    pub extends: Option<String>,
    pub release: Option<String>,
    pub cluster: ClusterPart,
    pub gateway: GatewayPart,
    pub gateway_api: GatewayApiPart,
    pub charts: Option<IndexMap<String, ChartPart>>,
    /// Images by what they are for.
    pub images: Option<IndexMap<String, String>>,
    pub mirrors: Option<IndexMap<String, MirrorWish>>,
    /// Files, relative to this one.
    pub certificates: Option<Vec<String>>,
    pub mocks: MocksPart,
    pub backends: Option<IndexMap<String, Backend>>,
    pub routes: Option<Vec<Route>>,
    pub policies: Option<Vec<Policy>>,
    pub scenarios: Option<Vec<String>>,
    /// A folder, relative to the file.
    pub definitions: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(super) struct ClusterPart {
    pub provider: Option<ProviderChoice>,
    pub kubernetes: Option<String>,
    /// Of the user's kubeconfig.
    pub context: Option<String>,
    /// An address of this machine, as pods reach it.
    pub host_address: Option<String>,
    /// An image of this program that the cluster's nodes can pull.
    pub self_image: Option<String>,
    pub node_image: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(super) struct GatewayApiPart {
    pub version: Option<String>,
    pub channel: Option<ChannelWish>,
    /// A URL, or a path relative to the file.
    pub from: Option<String>,
    pub sha256: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(super) struct ChartPart {
    /// `oci://…`, or a path relative to the file.
    pub from: Option<String>,
    pub version: Option<String>,
    pub values: Option<Map<String, Value>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(super) struct MocksPart {
    pub at: Option<MocksAt>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(super) struct GatewayPart {
    pub implementation: Option<Implementation>,
    pub name: Option<String>,
    pub listeners: Option<Vec<ListenerPart>>,
    pub logging: Option<LoggingPart>,
}

/// The port is wider than a port so that 70000 is answered as a port, not as a number type.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct ListenerPart {
    #[serde(default)]
    pub name: Option<String>,
    pub port: i64,
    #[serde(default)]
    pub hostname: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(super) struct LoggingPart {
    pub level: LogLevel,
}
