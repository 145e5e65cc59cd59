//! From a step's words to a request.

use super::client::Request;
use crate::scenario::spec::{ChatCall, HttpCall, McpCall, Page};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

/// An MCP session, from step to step.
#[derive(Debug, Default)]
pub(super) struct McpSession {
    id: Option<String>,
    protocol: Option<String>,
    cursor: Option<String>,
    requests: u64,
}

/// A plain HTTP request.
pub(super) fn http(call: &HttpCall, base: String, host: &str) -> Request {
    let body = match (&call.body, &call.json) {
        (Some(body), _) => body.clone(),
        (None, Some(json)) => json.to_string(),
        (None, None) => String::new(),
    };
    let default = if body.is_empty() { "GET" } else { "POST" };
    let mut headers = vec![("host".to_owned(), call.host.clone().unwrap_or_else(|| host.to_owned()))];
    if call.json.is_some() {
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
    }
    add(&mut headers, &call.headers);
    let method = call.method.clone().unwrap_or_else(|| default.to_owned());
    Request { base, method, path: call.path.clone(), headers, body, rpc_id: None }
}

/// A chat completion.
pub(super) fn chat(call: &ChatCall, base: String, host: &str) -> Request {
    let mut messages = Vec::new();
    if let Some(system) = &call.system {
        messages.push(json!({"role": "system", "content": system}));
    }
    messages.push(json!({"role": "user", "content": call.user}));
    let mut body = Map::new();
    body.insert("model".to_owned(), Value::from(call.model.as_str()));
    body.insert("messages".to_owned(), Value::from(messages));
    if let Some(most) = call.max_tokens {
        body.insert("max_tokens".to_owned(), Value::from(most));
    }
    if call.stream {
        body.insert("stream".to_owned(), Value::from(true));
    }
    let mut headers = vec![
        ("host".to_owned(), call.host.clone().unwrap_or_else(|| host.to_owned())),
        ("content-type".to_owned(), "application/json".to_owned()),
    ];
    if let Some(key) = &call.key {
        headers.push(("authorization".to_owned(), format!("Bearer {key}")));
    }
    add(&mut headers, &call.headers);
    let path = call.path.clone().unwrap_or_else(|| "/v1/chat/completions".to_owned());
    Request { base, method: "POST".to_owned(), path, headers, body: Value::from(body).to_string(), rpc_id: None }
}

fn add(headers: &mut Vec<(String, String)>, more: &IndexMap<String, String>) {
    for (name, value) in more {
        let name = name.to_lowercase();
        headers.retain(|(known, _)| *known != name);
        headers.push((name, value.clone()));
    }
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
        Request { base, method: "POST".to_owned(), path, headers, body: message.to_string(), rpc_id }
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
