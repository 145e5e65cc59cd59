//! Texts with gaps: `{a.b}` stands for what is at that path of the values at hand.

use serde_json::{Map, Value};

/// A small picture: one red pixel as PNG.
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
/// No sound at all as WAV: a header and no samples.
const SILENCE: &str = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=";

/// Whether nothing of a value depends on the values at hand.
pub(super) fn is_fixed(value: &Value) -> bool {
    match value {
        Value::String(text) => gaps(text).all(|gap| constant(gap).is_some()),
        Value::Array(items) => items.iter().all(is_fixed),
        Value::Object(fields) => fields.values().all(is_fixed),
        _ => true,
    }
}

/// The value with its gaps filled; a gap for which there is nothing stays.
pub(super) fn filled(value: &Value, values: &Map<String, Value>) -> Value {
    match value {
        Value::String(text) => filled_text(text, values).into(),
        Value::Array(items) => items.iter().map(|item| filled(item, values)).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, field)| (name.clone(), filled(field, values))).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

/// The text with its gaps filled.
pub(super) fn filled_text(text: &str, values: &Map<String, Value>) -> String {
    let mut said = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, gap, after)) = next_gap(rest) {
        said.push_str(before);
        match constant(gap).map(str::to_owned).or_else(|| found(gap, values)) {
            Some(value) => said.push_str(&value),
            None => said.extend(["{", gap, "}"]),
        }
        rest = after;
    }
    said.push_str(rest);
    said
}

fn found(path: &str, values: &Map<String, Value>) -> Option<String> {
    let mut steps = path.split('.');
    let mut value = values.get(steps.next()?)?;
    for step in steps {
        value = match step.parse::<usize>() {
            Ok(place) => value.get(place)?,
            Err(_) => value.get(step)?,
        };
    }
    Some(match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    })
}

fn constant(gap: &str) -> Option<&'static str> {
    match gap {
        "pixel" => Some(PIXEL),
        "silence" => Some(SILENCE),
        _ => None,
    }
}

fn gaps(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, gap, after) = next_gap(rest)?;
        rest = after;
        Some(gap)
    })
}

/// What is before the next gap, its path, and what is behind it.
fn next_gap(text: &str) -> Option<(&str, &str, &str)> {
    let is_path = |gap: &str| {
        !gap.is_empty() && gap.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-".contains(letter))
    };
    let mut from = 0;
    loop {
        let start = from + text[from..].find('{')?;
        let end = start + text[start..].find('}')?;
        // In `{"a": {b}}` the inner one is the gap.
        let start = start + text[start..end].rfind('{')?;
        if is_path(&text[start + 1..end]) {
            return Some((&text[..start], &text[start + 1..end], &text[end + 1..]));
        }
        from = end + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn gaps_are_filled_by_path_and_everything_else_stays() {
        let values = json!({ "id": "7", "who": { "content": { "name": "Ada" }, "list": [1, 2] } });
        let values = values.as_object().unwrap();
        let said = |text: &str| filled_text(text, values);
        assert_eq!(said(r#"{"id":"{id}","x":{}} {who.content.name} {who.list.1}"#), r#"{"id":"7","x":{}} Ada 2"#);
        assert_eq!(said("{nothing} {who.list} {"), "{nothing} [1,2] {");
        assert!(is_fixed(&json!(["{ a }", "{pixel}", 1])) && !is_fixed(&json!({ "a": "{id}" })));
    }
}
