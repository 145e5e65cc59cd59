//! From a step's words to a request.

use super::client::Request;
use crate::scenario::spec::{ChatCall, HttpCall};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

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
    Request { base, method, path: call.path.clone(), headers, body, ends: None }
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
    Request { base, method: "POST".to_owned(), path, headers, body: Value::from(body).to_string(), ends: None }
}

fn add(headers: &mut Vec<(String, String)>, more: &IndexMap<String, String>) {
    for (name, value) in more {
        let name = name.to_lowercase();
        headers.retain(|(known, _)| *known != name);
        headers.push((name, value.clone()));
    }
}
