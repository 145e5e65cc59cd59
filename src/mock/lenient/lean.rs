//! A request with as little left out as it takes to be understood.

use serde_json::{Map, Value, json};

/// The fields that make a request; all others may be left out.
const ESSENTIAL: [&str; 14] = [
    "model",
    "messages",
    "contents",
    "content",
    "input",
    "inputText",
    "instances",
    "prompt",
    "requests",
    "max_tokens",
    "anthropic_version",
    "name",
    "stream",
    "stream_options",
];
/// How much an assistant may say that was not told.
const LIMIT: u64 = 1_024;

/// The essential fields of a request, and the others.
pub(super) fn split(request: &Map<String, Value>) -> (Map<String, Value>, Map<String, Value>) {
    request
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| (name.clone(), value.clone()))
        .partition(|(name, _)| ESSENTIAL.contains(&name.as_str()))
}

/// The plainest requests that say what this one says: its last words, asked of the same model in the same manner.
pub(super) fn plain(request: &Map<String, Value>, path: &str) -> Map<String, Value> {
    let text = last_text(request).unwrap_or_else(|| "hello".to_owned());
    let mut plain = Map::new();
    for name in ["model", "anthropic_version"] {
        if let Some(value) = request.get(name).filter(|value| value.is_string()) {
            plain.insert(name.to_owned(), value.clone());
        }
    }
    if request.get("stream").is_some_and(|wish| wish == true) {
        plain.insert("stream".to_owned(), true.into());
    }
    if path.contains("/converse") {
        plain.insert("messages".to_owned(), json!([{ "role": "user", "content": [{ "text": text }] }]));
        return plain;
    }
    if path.ends_with("GenerateContent") || path.ends_with("generateContent") || path.ends_with("countTokens") {
        plain.insert("contents".to_owned(), json!([{ "role": "user", "parts": [{ "text": text }] }]));
        return plain;
    }
    if path.ends_with("/responses") || path.ends_with("/embeddings") {
        plain.insert("input".to_owned(), text.into());
    } else if path.ends_with("/completions") && !path.ends_with("/chat/completions") {
        plain.insert("prompt".to_owned(), text.into());
    } else {
        plain.insert("messages".to_owned(), json!([{ "role": "user", "content": text }]));
    }
    let is_claude = path.ends_with("/messages") || path.ends_with("awPredict") || path.contains("/invoke");
    if is_claude {
        plain.insert("max_tokens".to_owned(), LIMIT.into());
    }
    plain
}

/// The last text that somebody said, wherever it stands.
fn last_text(request: &Map<String, Value>) -> Option<String> {
    let names = ["messages", "contents", "input", "prompt"];
    names.into_iter().filter_map(|name| request.get(name)).find_map(text_in)
}

fn text_in(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => items.iter().rev().find_map(text_in),
        Value::Object(fields) => ["content", "parts", "text"].into_iter().find_map(|name| text_in(fields.get(name)?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_words_are_found_at_any_depth() {
        let last = |request: Value| plain(request.as_object().unwrap(), "/v1/chat/completions")["messages"].clone();
        let told = json!([{ "role": "user", "content": "b" }]);
        assert_eq!(last(json!({ "messages": [{ "content": "a" }, { "content": [{ "text": "b" }] }] })), told);
        assert_eq!(last(json!({ "contents": [{ "parts": [{ "text": "b" }, { "x": 1 }] }] })), told);
        assert_eq!(last(json!({}))[0]["content"], "hello");
    }
}
