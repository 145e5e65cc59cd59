//! MCP sessions of a scenario's client.

use super::client::Request;
use crate::scenario::spec::{McpCall, Page};
use indexmap::IndexMap;
use serde_json::{Value, json};

/// Where the client has read enough of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum StreamEnd {
    /// The answer to the request with this id.
    Answer(u64),
    /// A message of the server with this method.
    Message(String),
}

impl StreamEnd {
    /// Whether an event is it.
    pub fn is(&self, event: &str) -> bool {
        let message = serde_json::from_str::<Value>(event).unwrap_or_default();
        match self {
            Self::Answer(id) => {
                message["id"] == *id && (message.get("result").is_some() || message.get("error").is_some())
            }
            Self::Message(method) => message["method"] == method.as_str(),
        }
    }
}

/// The sessions of a scenario by name; most have but one, which has none.
#[derive(Debug, Default)]
pub(super) struct McpSessions(IndexMap<Option<String>, McpSession>);

impl McpSessions {
    /// The request for a call.
    pub fn request(&mut self, call: &McpCall, base: String, host: &str) -> Request {
        self.0.entry(call.session.clone()).or_default().request(call, base, host)
    }

    /// Remembers what later calls need.
    pub fn remember(&mut self, call: &McpCall, headers: &[(String, String)], answer: Option<&Value>) {
        self.0.entry(call.session.clone()).or_default().remember(call, headers, answer);
    }
}

/// A session, from step to step.
#[derive(Debug, Default)]
struct McpSession {
    id: Option<String>,
    protocol: Option<String>,
    cursor: Option<String>,
    /// Id of the server's last request.
    asked: Option<Value>,
    requests: u64,
}

impl McpSession {
    fn request(&mut self, call: &McpCall, base: String, host: &str) -> Request {
        let message = self.message(call);
        let id = message.as_ref().filter(|message| message.get("method").is_some()).and_then(|it| it["id"].as_u64());
        let answer = id.map(StreamEnd::Answer);
        let method = match (call.listen, call.end) {
            (true, _) => "GET",
            (_, true) => "DELETE",
            _ => "POST",
        };
        Request {
            base,
            method: method.to_owned(),
            path: call.path.clone().unwrap_or_else(|| "/mcp".to_owned()),
            headers: self.headers(call, method, host),
            body: message.map(|message| message.to_string()).unwrap_or_default(),
            ends: call.until.clone().map(StreamEnd::Message).or(answer),
            ..Request::default()
        }
    }

    fn headers(&self, call: &McpCall, method: &str, host: &str) -> Vec<(String, String)> {
        let accept = if method == "GET" { "text/event-stream" } else { "application/json, text/event-stream" };
        let mut headers = vec![
            ("host".to_owned(), call.host.clone().unwrap_or_else(|| host.to_owned())),
            ("accept".to_owned(), accept.to_owned()),
        ];
        if method == "POST" {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
        }
        let session = [("mcp-session-id", &self.id), ("mcp-protocol-version", &self.protocol)];
        for (name, value) in session.into_iter().filter(|_| call.initialize.is_none()) {
            headers.extend(value.iter().map(|value| (name.to_owned(), value.clone())));
        }
        let said = |name: &str| call.headers.keys().chain(&call.without).any(|other| other.eq_ignore_ascii_case(name));
        headers.retain(|(name, _)| !said(name));
        headers.extend(call.headers.iter().map(|(name, value)| (name.to_lowercase(), value.clone())));
        headers
    }

    /// The JSON-RPC message of a call, if it has one.
    fn message(&mut self, call: &McpCall) -> Option<Value> {
        if let Some(method) = &call.notify {
            return Some(json!({"jsonrpc": "2.0", "method": method}));
        }
        if let Some(result) = &call.reply {
            return Some(json!({"jsonrpc": "2.0", "id": self.asked, "result": result}));
        }
        let (method, params) = self.asks(call)?;
        self.requests += 1;
        let mut message = json!({"jsonrpc": "2.0", "id": self.requests, "method": method});
        if let Some(params) = params {
            message["params"] = params;
        }
        Some(message)
    }

    fn asks(&self, call: &McpCall) -> Option<(String, Option<Value>)> {
        if let Some(version) = &call.initialize {
            let client = json!({"name": "agw-sandbox", "version": env!("CARGO_PKG_VERSION")});
            let params = json!({"protocolVersion": version, "capabilities": call.capabilities, "clientInfo": client});
            return Some(("initialize".to_owned(), Some(params)));
        }
        if let Some(tool) = &call.call_tool {
            return Some(("tools/call".to_owned(), Some(json!({"name": tool.name, "arguments": tool.arguments}))));
        }
        if let Some(request) = &call.request {
            return Some((request.method.clone(), request.params.clone().map(Value::Object)));
        }
        let cursor = self.cursor.as_ref().filter(|_| call.list_tools == Some(Page::Next));
        call.list_tools?;
        Some(("tools/list".to_owned(), cursor.map(|cursor| json!({"cursor": cursor}))))
    }

    fn remember(&mut self, call: &McpCall, headers: &[(String, String)], answer: Option<&Value>) {
        let text = |pointer: &str| answer.and_then(|answer| answer.pointer(pointer)).and_then(Value::as_str);
        if call.initialize.is_some() {
            self.id = headers.iter().find(|(name, _)| name == "mcp-session-id").map(|(_, value)| value.clone());
            self.protocol = text("/result/protocolVersion").map(str::to_owned);
        }
        if call.list_tools.is_some() {
            self.cursor = text("/result/nextCursor").map(str::to_owned);
        }
        if let Some(message) = answer.filter(|answer| answer.get("method").is_some())
            && let Some(id) = message.get("id")
        {
            self.asked = Some(id.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(text: &str) -> McpCall {
        serde_yaml::from_str(text).unwrap()
    }

    #[test]
    fn a_call_says_what_it_says_and_no_more() {
        let mut sessions = McpSessions::default();
        let mut send = |text: &str| sessions.request(&call(text), String::new(), "x.test");
        let first = send("{listTools: first}");
        assert_eq!((first.method.as_str(), first.ends), ("POST", Some(StreamEnd::Answer(1))));
        let other = send("{listTools: first, session: second, headers: {Accept: text/plain}, without: [host]}");
        assert!(other.body.contains(r#""id":1"#), "{}", other.body);
        let expected = [("content-type", "application/json"), ("accept", "text/plain")];
        assert_eq!(other.headers, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let end = send("{end: true}");
        assert_eq!((end.method.as_str(), end.body.as_str(), end.ends), ("DELETE", "", None));
    }

    #[test]
    fn a_reply_answers_the_last_request_of_the_server() {
        let mut sessions = McpSessions::default();
        let tool = call("{callTool: {name: ask}, until: sampling/createMessage}");
        let ends = sessions.request(&tool, String::new(), "x.test").ends.unwrap();
        let asked = r#"{"jsonrpc":"2.0","id":"s-7","method":"sampling/createMessage"}"#;
        assert!(ends.is(asked) && !ends.is("{}"));
        sessions.remember(&tool, &[], serde_json::from_str(asked).ok().as_ref());
        let reply = sessions.request(&call("{reply: {role: assistant}}"), String::new(), "x.test");
        let sent: Value = serde_json::from_str(&reply.body).unwrap();
        assert_eq!((&sent["id"], &sent["result"]["role"], reply.ends), (&json!("s-7"), &json!("assistant"), None));
    }
}
