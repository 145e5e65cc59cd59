//! From a step's words to a request.

use super::client::Request;
use crate::scenario::spec::{Dialect, HttpCall, LlmCall};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

/// The version that callers of messages name. Source: Anthropic's API reference, header `anthropic-version`.
const ANTHROPIC_VERSION: &str = "2023-06-01";
/// Most tokens that messages ask for unless a scenario says otherwise: the API demands the field.
const MESSAGES_TOKENS: u32 = 64;

/// A plain HTTP request.
pub(super) fn http(call: &HttpCall, base: String, host: &str) -> Request {
    let body = match (&call.body, &call.json, call.bytes) {
        (Some(body), ..) => body.clone(),
        (None, Some(json), _) => json.to_string(),
        (None, None, Some(bytes)) => "x".repeat(bytes),
        (None, None, None) => String::new(),
    };
    let default = if body.is_empty() { "GET" } else { "POST" };
    let mut headers = vec![("host".to_owned(), call.host.clone().unwrap_or_else(|| host.to_owned()))];
    if call.json.is_some() {
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
    }
    add(&mut headers, &call.headers);
    let method = call.method.clone().unwrap_or_else(|| default.to_owned());
    Request { base, method, path: call.path.clone(), headers, body, ..Request::default() }
}

/// A call of an LLM API.
pub(super) fn llm(dialect: Dialect, call: &LlmCall, base: String, host: &str) -> Request {
    let mut headers = vec![
        ("host".to_owned(), call.host.clone().unwrap_or_else(|| host.to_owned())),
        ("content-type".to_owned(), "application/json".to_owned()),
    ];
    if dialect == Dialect::Messages {
        headers.push(("anthropic-version".to_owned(), ANTHROPIC_VERSION.to_owned()));
    }
    if let Some(key) = &call.key {
        headers.push(("authorization".to_owned(), format!("Bearer {key}")));
    }
    add(&mut headers, &call.headers);
    let path = call.path.clone().unwrap_or_else(|| dialect.path().to_owned());
    let body = Value::from(body(dialect, call)).to_string();
    Request { base, method: "POST".to_owned(), path, headers, body, ..Request::default() }
}

fn body(dialect: Dialect, call: &LlmCall) -> Map<String, Value> {
    let mut body = Map::new();
    let mut set = |field: &str, value: Option<Value>| {
        if let Some(value) = value {
            body.insert(field.to_owned(), value);
        }
    };
    set("model", call.model.as_deref().map(Value::from));
    let system = call.system.as_deref().map(Value::from);
    let tokens = call.max_tokens.map(Value::from);
    match dialect {
        Dialect::Chat => {
            set("messages", Some(conversation(call, system)));
            set("max_tokens", tokens);
        }
        Dialect::Messages => {
            set("messages", Some(conversation(call, None)));
            set("system", system);
            set("max_tokens", Some(tokens.unwrap_or_else(|| Value::from(MESSAGES_TOKENS))));
        }
        Dialect::Responses => {
            let input = if call.messages.is_empty() { Value::from(call.user.as_str()) } else { whole(call) };
            set("input", Some(input));
            set("instructions", system);
            set("max_output_tokens", tokens);
        }
        Dialect::Embeddings => set("input", Some(Value::from(call.user.as_str()))),
    }
    set("stream", call.stream.then(|| Value::from(true)));
    body.extend(call.more.clone());
    body
}

fn conversation(call: &LlmCall, system: Option<Value>) -> Value {
    if !call.messages.is_empty() {
        return whole(call);
    }
    let system = system.map(|content| json!({"role": "system", "content": content}));
    let user = json!({"role": "user", "content": call.user});
    Value::from_iter(system.into_iter().chain([user]))
}

fn whole(call: &LlmCall) -> Value {
    Value::from(call.messages.clone())
}

fn add(headers: &mut Vec<(String, String)>, more: &IndexMap<String, String>) {
    for (name, value) in more {
        let name = name.to_lowercase();
        headers.retain(|(known, _)| *known != name);
        headers.push((name, value.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_api_gets_what_is_said_in_its_own_place() {
        let call = LlmCall {
            model: Some("m".to_owned()),
            system: Some("s".to_owned()),
            user: "u".to_owned(),
            more: json!({"n": 1}).as_object().unwrap().clone(),
            ..LlmCall::default()
        };
        let said = |dialect| Value::from(body(dialect, &call));
        let user = json!({"role": "user", "content": "u"});
        let system = json!({"role": "system", "content": "s"});
        assert_eq!(said(Dialect::Chat), json!({"model": "m", "messages": [system, user], "n": 1}));
        let messages = json!({"model": "m", "messages": [user], "system": "s", "max_tokens": 64, "n": 1});
        assert_eq!(said(Dialect::Messages), messages);
        assert_eq!(said(Dialect::Responses), json!({"model": "m", "input": "u", "instructions": "s", "n": 1}));
        assert_eq!(said(Dialect::Embeddings), json!({"model": "m", "input": "u", "n": 1}));
    }
}
