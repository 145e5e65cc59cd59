//! Messages of MCP sessions.

use serde::Deserialize;
use serde_json::{Map, Value};

/// One message of an MCP session over streamable HTTP. The session goes on from step to step.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct McpCall {
    /// Path; left out: `/mcp`.
    pub path: Option<String>,
    /// Host; left out: the scenario's own.
    pub host: Option<String>,
    /// Begins a session in this protocol version, `2025-11-25`.
    pub initialize: Option<String>,
    /// Sends a notification, `notifications/initialized`.
    pub notify: Option<String>,
    /// Asks for a page of the list of tools.
    pub list_tools: Option<Page>,
    /// Calls a tool.
    pub call_tool: Option<ToolCall>,
}

/// Which page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Page {
    /// The first.
    First,
    /// The one that the last answer's `nextCursor` leads to.
    Next,
}

/// A call of a tool.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct ToolCall {
    /// Its name.
    pub name: String,
    /// Its arguments.
    pub arguments: Map<String, Value>,
}
