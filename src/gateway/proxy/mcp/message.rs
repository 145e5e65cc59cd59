//! JSON-RPC messages, as far as the gateway looks into them.

use serde_json::{Map, Value, json};

/// Requests that the gateway sends on. Source: MCP 2025-11-25 and 2026-07-28, client requests.
const REQUESTS: [&str; 18] = [
    "initialize",
    "ping",
    "completion/complete",
    "logging/setLevel",
    "prompts/get",
    "prompts/list",
    "resources/list",
    "resources/read",
    "resources/subscribe",
    "resources/templates/list",
    "resources/unsubscribe",
    "server/discover",
    "tasks/cancel",
    "tasks/get",
    "tasks/list",
    "tasks/result",
    "tools/call",
    "tools/list",
];

/// A message of a client.
#[derive(Debug, Clone)]
pub enum Message {
    /// Wants an answer.
    Request(Map<String, Value>),
    /// Wants none.
    Notification(Map<String, Value>),
    /// An answer to the server.
    Response(Map<String, Value>),
}

impl Message {
    /// `None` if it is none.
    pub fn new(value: Value) -> Option<Self> {
        let Value::Object(fields) = value else { return None };
        if fields.get("jsonrpc")? != "2.0" {
            return None;
        }
        let (method, id) = (fields.get("method"), fields.get("id"));
        match (method, id) {
            (Some(Value::String(_)), Some(Value::String(_) | Value::Number(_))) => Some(Self::Request(fields)),
            (Some(Value::String(_)), None) => Some(Self::Notification(fields)),
            (None, _) if fields.contains_key("result") || fields.contains_key("error") => Some(Self::Response(fields)),
            _ => None,
        }
    }

    /// Its method, unless it is an answer.
    pub fn method(&self) -> Option<&str> {
        match self {
            Self::Request(fields) | Self::Notification(fields) => method(fields).into(),
            Self::Response(_) => None,
        }
    }

    /// Its id; null for what has none.
    pub fn id(&self) -> Value {
        match self {
            Self::Request(fields) => fields.get("id").cloned().unwrap_or_default(),
            Self::Notification(_) | Self::Response(_) => Value::Null,
        }
    }
}

/// Method of a request or notification.
pub fn method(fields: &Map<String, Value>) -> &str {
    fields.get("method").and_then(Value::as_str).unwrap_or_default()
}

/// Whether the gateway sends such a request on.
pub fn is_known(method: &str) -> bool {
    REQUESTS.contains(&method)
}

/// The parameters, made where there are none.
pub fn params(fields: &mut Map<String, Value>) -> Option<&mut Map<String, Value>> {
    fields.entry("params").or_insert_with(|| json!({})).as_object_mut()
}

/// The real gateway sends `_meta` with each request, empty if the client sent none.
pub fn add_meta(fields: &mut Map<String, Value>) {
    if let Some(params) = params(fields) {
        params.entry("_meta").or_insert_with(|| json!({}));
    }
}

/// A text parameter.
pub fn text_param<'f>(fields: &'f Map<String, Value>, name: &str) -> Option<&'f str> {
    fields.get("params")?.get(name)?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_told_apart() {
        let kind = |value: Value| match Message::new(value) {
            Some(Message::Request(_)) => "request",
            Some(Message::Notification(_)) => "notification",
            Some(Message::Response(_)) => "response",
            None => "none",
        };
        assert_eq!(kind(json!({"jsonrpc": "2.0", "id": 1, "method": "ping"})), "request");
        assert_eq!(kind(json!({"jsonrpc": "2.0", "method": "notifications/initialized"})), "notification");
        assert_eq!(kind(json!({"jsonrpc": "2.0", "id": 1, "result": {}})), "response");
        assert_eq!(kind(json!([{"jsonrpc": "2.0", "id": 1, "method": "ping"}])), "none");
        assert_eq!(kind(json!({"id": 1, "method": "ping"})), "none");
    }
}
