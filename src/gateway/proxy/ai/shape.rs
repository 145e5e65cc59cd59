//! What becomes of the body of a request to a model. Source: facts/manifests.md 4.3.

use crate::gateway::{proxy::scope::Scope, table::ModelRequest};
use http::request;
use serde_json::{Map, Value, json};

/// Changes a client's body. `asks` says whether the client's model is the one that is asked.
pub fn apply(wanted: &ModelRequest, asks: bool, request: &request::Parts, body: &mut Value) {
    let computed = computed(wanted, request, body);
    let Some(fields) = body.as_object_mut() else { return };
    for (name, text) in &wanted.overrides {
        fields.insert(name.clone(), value(text));
    }
    for (name, value) in computed {
        match value {
            Some(value) => drop(fields.insert(name, value)),
            None => drop(fields.shift_remove(&name)),
        }
    }
    for (name, text) in &wanted.defaults {
        fields.entry(name.clone()).or_insert_with(|| value(text));
    }
    if asks && let Some(model) = fields.get("model").and_then(Value::as_str).and_then(|model| alias(wanted, model)) {
        fields.insert("model".to_owned(), model.into());
    }
    enrich(wanted, fields);
}

fn computed(wanted: &ModelRequest, request: &request::Parts, body: &Value) -> Vec<(String, Option<Value>)> {
    if wanted.computed.is_empty() {
        return Vec::new();
    }
    let scope = Scope::of(request, None).and_model_request(body);
    wanted.computed.iter().map(|(name, expression)| (name.clone(), scope.value(expression))).collect()
}

/// JSON, or the text itself where it is none.
fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

/// The model that a name stands for: the name itself first, then the longest pattern.
fn alias<'w>(wanted: &'w ModelRequest, model: &str) -> Option<&'w str> {
    let exactly = wanted.aliases.iter().find(|(name, _)| name == model);
    let fitting = wanted.aliases.iter().filter(|(pattern, _)| pattern.contains('*') && fits(pattern, model));
    let found = exactly.or_else(|| fitting.max_by_key(|(pattern, _)| pattern.len()));
    found.map(|(_, target)| target.as_str())
}

/// Whether a pattern, in which `*` stands for anything, fits the whole text.
fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let middle: Vec<&str> = parts.collect();
    let Some((last, middle)) = middle.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

fn enrich(wanted: &ModelRequest, fields: &mut Map<String, Value>) {
    let Some(messages) = fields.get_mut("messages").and_then(Value::as_array_mut) else { return };
    let message = |(role, content): &(String, String)| json!({"role": role, "content": content});
    let before: Vec<Value> = wanted.prepend.iter().map(message).collect();
    messages.splice(..0, before);
    messages.extend(wanted.append.iter().map(message));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::table::Cel;

    fn shaped(wanted: &ModelRequest, mut body: Value) -> Value {
        let request = http::Request::builder().header("x-user", "ann").body(()).unwrap().into_parts().0;
        apply(wanted, true, &request, &mut body);
        body
    }

    #[test]
    fn bodies_become_what_was_measured() {
        let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
        let fields = ModelRequest {
            defaults: vec![pair("temperature", "0.2"), pair("top_p", "0.9")],
            overrides: vec![pair("max_tokens", "77"), pair("user", "\"fixed\"")],
            ..ModelRequest::default()
        };
        let body = json!({"temperature": 0.9, "max_tokens": 5});
        let wanted = json!({"temperature": 0.9, "max_tokens": 77, "user": "fixed", "top_p": 0.9});
        assert_eq!(shaped(&fields, body), wanted);

        let aliases = ModelRequest {
            aliases: vec![pair("fast", "gpt-mini"), pair("claude-*", "claude-big")],
            ..ModelRequest::default()
        };
        for (model, wanted) in [("fast", "gpt-mini"), ("claude-3", "claude-big"), ("other", "other")] {
            assert_eq!(shaped(&aliases, json!({"model": model}))["model"], wanted);
        }

        let prompts = ModelRequest {
            prepend: vec![pair("system", "Answer in French.")],
            append: vec![pair("user", "Be brief.")],
            computed: vec![("user".to_owned(), Cel::new(r#"request.headers["x-user"]"#).unwrap())],
            ..ModelRequest::default()
        };
        let said = shaped(&prompts, json!({"messages": [{"role": "user", "content": "hi"}]}));
        let contents: Vec<_> = said["messages"].as_array().unwrap().iter().map(|one| one["content"].clone()).collect();
        assert_eq!(
            (contents, &said["user"]),
            (vec![json!("Answer in French."), json!("hi"), json!("Be brief.")], &json!("ann"))
        );
    }
}
