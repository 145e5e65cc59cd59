//! MCP sessions: from a step's words to a request, and what is remembered from step to step.

use super::client::Request;
use crate::scenario::spec::{McpCall, Page};
use serde_json::{Value, json};

/// An MCP session, from step to step.
#[derive(Debug, Default)]
pub(super) struct McpSession {
    id: Option<String>,
    protocol: Option<String>,
    cursor: Option<String>,
    requests: u64,
}

impl McpSession {
    /// The request for a call.
    pub fn request(&mut self, call: &McpCall, base: String, host: &str) -> Request {
        let (method, parameters) = self.message(call);
        let mut message = json!({"jsonrpc": "2.0", "method": method});
        let mut rpc_id = None;
        if call.notify.is_none() {
            self.requests += 1;
            rpc_id = Some(self.requests);
            message["id"] = Value::from(self.requests);
        }
        if let Some(parameters) = parameters {
            message["params"] = parameters;
        }
        let mut headers = vec![
            ("host".to_owned(), call.host.clone().unwrap_or_else(|| host.to_owned())),
            ("content-type".to_owned(), "application/json".to_owned()),
            ("accept".to_owned(), "application/json, text/event-stream".to_owned()),
        ];
        let session = [("mcp-session-id", &self.id), ("mcp-protocol-version", &self.protocol)];
        for (name, value) in session.into_iter().filter(|_| call.initialize.is_none()) {
            headers.extend(value.iter().map(|value| (name.to_owned(), value.clone())));
        }
        let path = call.path.clone().unwrap_or_else(|| "/mcp".to_owned());
        Request {
            base,
            method: "POST".to_owned(),
            path,
            headers,
            body: message.to_string(),
            rpc_id,
            ..Request::default()
        }
    }

    fn message(&self, call: &McpCall) -> (String, Option<Value>) {
        if let Some(version) = &call.initialize {
            let client = json!({"name": "agw-sandbox", "version": env!("CARGO_PKG_VERSION")});
            let parameters = json!({"protocolVersion": version, "capabilities": {}, "clientInfo": client});
            return ("initialize".to_owned(), Some(parameters));
        }
        if let Some(method) = &call.notify {
            return (method.clone(), None);
        }
        if let Some(tool) = &call.call_tool {
            return ("tools/call".to_owned(), Some(json!({"name": tool.name, "arguments": tool.arguments})));
        }
        let cursor = self.cursor.as_ref().filter(|_| call.list_tools == Some(Page::Next));
        ("tools/list".to_owned(), cursor.map(|cursor| json!({"cursor": cursor})))
    }

    /// Remembers what later calls need.
    pub fn remember(&mut self, call: &McpCall, headers: &[(String, String)], answer: Option<&Value>) {
        if call.initialize.is_some() {
            self.id = headers.iter().find(|(name, _)| name == "mcp-session-id").map(|(_, value)| value.clone());
            let version = answer.and_then(|answer| answer.pointer("/result/protocolVersion")).and_then(Value::as_str);
            self.protocol = version.map(str::to_owned);
        }
        if call.list_tools.is_some() {
            let cursor = answer.and_then(|answer| answer.pointer("/result/nextCursor")).and_then(Value::as_str);
            self.cursor = cursor.map(str::to_owned);
        }
    }
}
