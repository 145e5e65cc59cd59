//! What a mock of an authorization service says to a request.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What an authorization service says to one request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Verdict {
    /// Whether the request may go on.
    pub allow: bool,
    /// The HTTP status of a refusal; left out: 403.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The body of a refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Headers that the request gets where it goes on, the refusal where it does not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// Headers that the request loses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove_headers: Vec<String>,
    /// Headers that the answer of the upstream gets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub response_headers: Vec<(String, String)>,
    /// What later policies of the gateway are told. Over gRPC only.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub metadata: Map<String, Value>,
}
