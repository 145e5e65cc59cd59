//! What is done in a step, as it is written.

use super::{
    cluster_call::{ApplyCall, ObjectName, ReadCall},
    http_call::HttpCall,
    llm_call::LlmCall,
    mcp::McpCall,
    mcp_suite::SuiteCall,
    then::Then,
};
use crate::exchange::Behaviour;
use indexmap::IndexMap;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StepDocument {
    pub when: When,
    pub eventually: Option<Repeat>,
    #[serde(default)]
    pub then: Then,
}

/// What is done: exactly one action, and how often.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(super) struct When {
    pub http: Option<HttpCall>,
    pub chat: Option<LlmCall>,
    pub messages: Option<LlmCall>,
    pub responses: Option<LlmCall>,
    pub embeddings: Option<LlmCall>,
    pub mcp: Option<McpCall>,
    pub mcp_suite: Option<SuiteCall>,
    pub read: Option<ReadCall>,
    pub apply: Option<ApplyCall>,
    pub remove: Option<Vec<ObjectName>>,
    pub mock: Option<IndexMap<String, Behaviour>>,
    pub wait: Option<String>,
    pub times: Option<u32>,
    pub parallel: Option<u32>,
    pub leave: Option<LeaveDocument>,
}

/// When the client goes away before the answer is over.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(super) struct LeaveDocument {
    pub after_events: Option<u32>,
    pub after: Option<String>,
}

/// A step that is repeated until it holds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Repeat {
    /// For at most this long.
    pub within: String,
    /// So often in a row.
    #[serde(default)]
    pub successes: Option<u32>,
}
