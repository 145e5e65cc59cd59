//! The limits of a mock of a rate limit service.

use serde::{Deserialize, Serialize};

/// One limit. The first of a lane that fits a descriptor counts it; a descriptor that none fits is not limited.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Limit {
    /// The domain that it is for; left out: every domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// The entries that a descriptor must have, in their order, to be counted. Descriptors with other values are counted
    /// apart. Left out: every descriptor fits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub descriptor: Vec<DescriptorEntry>,
    /// How many hits there may be in a window, which begins with its first hit.
    pub hits: u32,
    /// How long a window is.
    pub per: Window,
    /// The body with which the gateway is to refuse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

/// One entry of a descriptor.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DescriptorEntry {
    /// Its key.
    pub key: String,
    /// Its value; left out: any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// The length of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Window {
    /// A second.
    Second,
    /// Sixty seconds.
    Minute,
    /// Sixty minutes.
    Hour,
    /// Twenty-four hours.
    Day,
}
