//! Steps that speak MCP, as they are written.

use super::{
    mistake::{Mistake, Parsed},
    place::Place,
};
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::{Map, Value};

/// One message of an MCP session over streamable HTTP: exactly one of the first eight fields. The session goes on from
/// step to step.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct McpCall {
    /// Begins a session in this protocol version, `2025-11-25`.
    pub initialize: Option<String>,
    /// Sends a notification, `notifications/initialized`.
    pub notify: Option<String>,
    /// Asks for a page of the list of tools.
    pub list_tools: Option<Page>,
    /// Calls a tool.
    pub call_tool: Option<ToolCall>,
    /// Sends any other request.
    pub request: Option<RpcRequest>,
    /// Answers the server's last request with this result.
    pub reply: Option<Map<String, Value>>,
    /// Opens the stream of the server's own messages (GET).
    pub listen: bool,
    /// Ends the session (DELETE). The client still knows its id afterwards.
    pub end: bool,
    /// Which of several sessions; left out: the one without a name.
    pub session: Option<String>,
    /// Reads the answer only until the server sends a request or notification with this method.
    pub until: Option<String>,
    /// What the client says that it can do when it begins a session.
    pub capabilities: Map<String, Value>,
    /// Path; left out: `/mcp`.
    pub path: Option<String>,
    /// Host; left out: the scenario's own.
    pub host: Option<String>,
    /// A Gateway of the scenario's own.
    pub gateway: Option<String>,
    /// Headers that are sent besides or instead of the usual ones.
    pub headers: IndexMap<String, String>,
    /// Usual headers that are left out.
    pub without: Vec<String>,
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

/// A JSON-RPC request.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct RpcRequest {
    /// Its method, `resources/list`.
    pub method: String,
    /// Its parameters.
    pub params: Option<Map<String, Value>>,
}

const DEEDS: &str = "exactly one of `initialize`, `notify`, `listTools`, `callTool`, `request`, `reply`, `listen` and `end` is wanted here";

/// A call does one thing, and only what begins a session has capabilities.
pub(super) fn check(call: &McpCall, place: &Place) -> Parsed<()> {
    let deeds = [
        call.initialize.is_some(),
        call.notify.is_some(),
        call.list_tools.is_some(),
        call.call_tool.is_some(),
        call.request.is_some(),
        call.reply.is_some(),
        call.listen,
        call.end,
    ];
    if deeds.into_iter().filter(|set| *set).count() != 1 {
        return Err(Mistake::new(place, DEEDS));
    }
    if call.request.as_ref().is_some_and(|request| request.method.is_empty()) {
        return Err(Mistake::new(&place.key("request"), "`method` says what is asked for"));
    }
    if !call.capabilities.is_empty() && call.initialize.is_none() {
        return Err(Mistake::new(&place.key("capabilities"), "`capabilities` has no meaning without `initialize`"));
    }
    Ok(())
}
