//! The simple JSONPath of printer columns: `.a.b`, `['a']`, `[0]`, `[*]`, `[?(@.type=="Ready")]`.

use serde_json::Value;

/// Everything at the path; nothing where the path is not understood.
pub(super) fn find<'a>(object: &'a Value, path: &str) -> Vec<&'a Value> {
    let mut found = vec![object];
    let mut rest = path.trim().trim_start_matches('{').trim_end_matches('}').trim_start_matches('$');
    while !rest.is_empty() {
        let (step, after) = if let Some(inner) = rest.strip_prefix('[') {
            let Some(end) = closing(inner) else { return Vec::new() };
            (Step::Bracket(&inner[..end]), &inner[end + 1..])
        } else {
            let field = rest.strip_prefix('.').unwrap_or(rest);
            let end = field_end(field);
            (Step::Field(field[..end].replace('\\', "")), &field[end..])
        };
        found = found.into_iter().flat_map(|value| step.take(value)).collect();
        if after.len() == rest.len() {
            return Vec::new();
        }
        rest = after;
    }
    found
}

enum Step<'a> {
    Field(String),
    Bracket(&'a str),
}

impl Step<'_> {
    fn take<'v>(&self, value: &'v Value) -> Vec<&'v Value> {
        match self {
            Self::Field(name) if name.is_empty() => vec![value],
            Self::Field(name) if name == "*" => children(value),
            Self::Field(name) => value.get(name).into_iter().collect(),
            Self::Bracket("*") => children(value),
            Self::Bracket(inner) => {
                if let Some(filter) = inner.strip_prefix("?(").and_then(|filter| filter.strip_suffix(')')) {
                    return children(value).into_iter().filter(|item| passes(item, filter)).collect();
                }
                if let Ok(index) = inner.parse::<i64>() {
                    let length = value.as_array().map_or(0, Vec::len);
                    let index = if index < 0 { index + i64::try_from(length).unwrap_or(0) } else { index };
                    return usize::try_from(index).ok().and_then(|index| value.get(index)).into_iter().collect();
                }
                value.get(inner.trim_matches(['\'', '"'])).into_iter().collect()
            }
        }
    }
}

fn children(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(fields) => fields.values().collect(),
        _ => Vec::new(),
    }
}

/// `@.type=="Ready"`, or `@.type` for mere existence.
fn passes(item: &Value, filter: &str) -> bool {
    for operator in ["==", "!="] {
        if let Some((path, wanted)) = filter.split_once(operator) {
            let found = find(item, path.trim().trim_start_matches('@'));
            let wanted = wanted.trim();
            let text = wanted.trim_matches(['\'', '"']);
            let literal: Value = serde_json::from_str(wanted).unwrap_or_else(|_| text.into());
            let equal = found.iter().any(|value| **value == literal);
            return equal == (operator == "==");
        }
    }
    !find(item, filter.trim().trim_start_matches('@')).is_empty()
}

/// Where the bracket ends that is open at the start.
fn closing(text: &str) -> Option<usize> {
    let (mut depth, mut quote) = (0, None);
    for (index, letter) in text.char_indices() {
        match (quote, letter) {
            (Some(open), letter) if open == letter => quote = None,
            (None, '\'' | '"') => quote = Some(letter),
            (None, '[') => depth += 1,
            (None, ']') if depth == 0 => return Some(index),
            (None, ']') => depth -= 1,
            _ => {}
        }
    }
    None
}

fn field_end(text: &str) -> usize {
    let mut escaped = false;
    for (index, letter) in text.char_indices() {
        match letter {
            '\\' => escaped = true,
            '.' | '[' if !escaped => return index,
            _ => escaped = false,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_of_printer_columns() {
        let object = json!({"spec": {"hostnames": ["a", "b"], "x.y/z": 1},
            "status": {"conditions": [{"type": "Ready", "status": "False"}, {"type": "Accepted", "status": "True"}]}});
        let one = |path: &str| find(&object, path).first().map(ToString::to_string).unwrap_or_default();
        assert_eq!(one(r#".status.conditions[?(@.type=="Accepted")].status"#), "\"True\"");
        assert_eq!(one(".spec.hostnames[1]"), "\"b\"");
        assert_eq!(one(".spec.hostnames[-1]"), "\"b\"");
        assert_eq!(one(".spec.hostnames"), r#"["a","b"]"#);
        assert_eq!(one(r".spec.x\.y/z"), "1");
        assert_eq!(one(".spec['x.y/z']"), "1");
        assert_eq!(find(&object, ".status.conditions[*].type").len(), 2);
        assert!(find(&object, ".nope.x").is_empty() && find(&object, ".a[").is_empty());
    }
}
