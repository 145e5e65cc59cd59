//! What a release consists of where its own charts are installed, every byte of it known.

use crate::chart::{Digest, PinnedChart};
use crate::release::Channel;
use semver::Version;
use serde::Serialize;
use serde_json::Value;

/// What a release consists of.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReleaseParts {
    /// The resource definitions of Gateway API.
    pub gateway_api: BundleChoice,
    /// The chart with the resource definitions of the line.
    pub definitions: ChartChoice,
    /// The chart with the controller.
    pub controller: ChartChoice,
    /// Images that pods of the gateway run.
    pub images: Vec<ImageChoice>,
    /// Name of the controller's Deployment, Service and ServiceAccount.
    pub deployment: String,
    /// Names of the definitions that the line has, without those of Gateway API.
    pub definition_names: Vec<String>,
    /// What a person should know of how this was found.
    #[serde(skip)]
    pub notes: Vec<String>,
}

/// The resource definitions of Gateway API by their digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BundleChoice {
    /// Their version.
    pub version: Version,
    /// Their release channel.
    pub channel: Channel,
    /// A URL or a path.
    pub source: String,
    /// Of the file.
    pub digest: Digest,
}

/// A chart and how it is installed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChartChoice {
    /// The chart by its digest.
    pub chart: PinnedChart,
    /// Name of the helm release.
    pub release: String,
    /// Its namespace.
    pub namespace: String,
    /// Values over those of the chart.
    pub values: Value,
    /// Whether its templates are manifests already, which are applied word for word, without Helm.
    pub plain: bool,
}

/// An image and how a cluster gets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImageChoice {
    /// As pods name it.
    pub reference: String,
    /// Digest of its manifest in the registry; of the image itself where Docker had it.
    pub digest: String,
    /// Where this machine pulls it; `None`: Docker had it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pull: Option<String>,
}
