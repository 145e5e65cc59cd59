//! What a mock of an external processor does to a request and to its answer.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What an external processor does to a request and to its answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Processing {
    /// What becomes of the request.
    pub request: Mutation,
    /// What becomes of the answer.
    pub response: Mutation,
}

/// What becomes of one message. The names are those that upstream's own test processor reads from the header
/// `instructions`, and a few more.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Mutation {
    /// Headers that are added to those of their name.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub add_headers: IndexMap<String, String>,
    /// Headers that take the place of those of their name.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub set_headers: IndexMap<String, String>,
    /// Headers that are taken away.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove_headers: Vec<String>,
    /// The text that takes the place of the body; an empty one takes the body away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_body: Option<String>,
    /// Trailers that are set, where the message has trailers.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub set_trailers: IndexMap<String, String>,
    /// The answer that the client gets at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub immediate: Option<Immediate>,
    /// What later policies of the gateway are told.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub metadata: Map<String, Value>,
}

/// An answer in place of the upstream's.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Immediate {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub headers: IndexMap<String, String>,
    /// Body.
    pub body: String,
    /// What the gateway may write to its log.
    pub details: String,
}
