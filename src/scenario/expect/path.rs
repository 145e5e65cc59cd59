//! Paths into JSON: `choices[0].message.content`, `status.listeners[name=http].attachedRoutes`.

use serde_json::Value;
use std::fmt;

/// A path into a JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonPath {
    text: String,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    /// From the end where negative.
    Index(i64),
    /// The first item whose field has this value.
    Where(String, String),
}

impl JsonPath {
    /// Reads a path. A key with dots is written `["a.b"]`.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            rest = rest.strip_prefix('.').unwrap_or(rest);
            if let Some(inner) = rest.strip_prefix('[') {
                let end = inner.find(']').ok_or_else(|| format!("`{text}` lacks a `]`"))?;
                steps.push(selector(&inner[..end]));
                rest = &inner[end + 1..];
                continue;
            }
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            if end == 0 {
                return Err(format!("`{text}` is not a path like `choices[0].message`"));
            }
            steps.push(Step::Key(rest[..end].to_owned()));
            rest = &rest[end..];
        }
        Ok(Self { text: text.to_owned(), steps })
    }

    /// What is there.
    pub fn find<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        self.steps.iter().try_fold(value, |value, step| match step {
            Step::Key(key) => value.get(key),
            Step::Index(index) => {
                let items = value.as_array()?;
                let position = if *index < 0 { i64::try_from(items.len()).ok()? + index } else { *index };
                items.get(usize::try_from(position).ok()?)
            }
            Step::Where(key, wanted) => value.as_array()?.iter().find(|item| match item.get(key) {
                Some(Value::String(text)) => text == wanted,
                Some(other) => serde_json::from_str::<Value>(wanted).is_ok_and(|wanted| wanted == *other),
                None => false,
            }),
        })
    }
}

impl fmt::Display for JsonPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

fn selector(text: &str) -> Step {
    if let Ok(index) = text.parse() {
        return Step::Index(index);
    }
    let unquoted = text.trim_matches('"');
    match text.split_once('=') {
        Some((key, value)) if unquoted == text => Step::Where(key.to_owned(), value.to_owned()),
        _ => Step::Key(unquoted.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_positions_and_selections() {
        let value = json!({"a": [{"name": "x", "n": 1}, {"name": "y", "n": 2}], "b.c": true});
        let found = |path: &str| JsonPath::parse(path).unwrap().find(&value).cloned();
        assert_eq!(found("a[0].n"), Some(json!(1)));
        assert_eq!(found("a[-1].n"), Some(json!(2)));
        assert_eq!(found("a[name=y].n"), Some(json!(2)));
        assert_eq!(found("[\"b.c\"]"), Some(json!(true)));
        assert_eq!(found("a[2]"), None);
        assert!(JsonPath::parse("a[0").is_err() && JsonPath::parse("..a").is_err());
    }
}
