//! Which requests go where.

use serde::{Deserialize, Serialize};

/// A route: requests that match go to a backend.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Route {
    /// Path prefix (`/openai`) or, with `exact: true`, the path.
    pub path: Option<String>,
    /// Whether the path must match as a whole.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub exact: bool,
    /// Host names; left out: the scenario's own, or any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<String>,
    /// Headers that must be there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<HeaderMatch>,
    /// Where it leads.
    pub to: To,
    /// Whether a backend sees the path without the prefix. Left out: yes for a prefix other than `/`, as guides do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strip: Option<bool>,
}

/// One backend by name, or several with weights: `{a: 80, b: 20}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum To {
    /// All requests to one backend.
    One(String),
    /// Shares of the requests by backend name.
    Weighted(indexmap::IndexMap<String, u32>),
}

impl Default for To {
    fn default() -> Self {
        Self::One(String::new())
    }
}

/// A header that must have a value. The name matches in any case, the value exactly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeaderMatch {
    /// Header name.
    pub name: String,
    /// Its value.
    pub value: String,
}
