//! Where two values differ first.

use super::mismatch::{Words, words_of};
use serde_json::Value;

/// Equal, where `2` and `2.0` are.
pub(super) fn same(wanted: &Value, seen: &Value) -> bool {
    match (wanted, seen) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => wanted == seen,
    }
}

/// The first difference between two JSON values, with its path.
pub(super) fn difference(wanted: &Value, seen: &Value, path: &str) -> Words {
    match (wanted, seen) {
        (Value::Object(a), Value::Object(b)) => {
            for (key, a) in a {
                match b.get(key) {
                    Some(b) if same(a, b) => {}
                    Some(b) => return difference(a, b, &format!("{path}.{key}")),
                    None => return at(&format!("{path}.{key}"), Some(a), None),
                }
            }
            let more = b.iter().find(|(key, _)| !a.contains_key(*key));
            more.map_or_else(
                || at(path, Some(wanted), Some(seen)),
                |(key, b)| at(&format!("{path}.{key}"), None, Some(b)),
            )
        }
        (Value::Array(a), Value::Array(b)) => {
            let position = (0..a.len().max(b.len())).find(|&position| match (a.get(position), b.get(position)) {
                (Some(a), Some(b)) => !same(a, b),
                _ => true,
            });
            let position = position.unwrap_or_default();
            let path = format!("{path}[{position}]");
            match (a.get(position), b.get(position)) {
                (Some(a), Some(b)) => difference(a, b, &path),
                (a, b) => at(&path, a, b),
            }
        }
        _ => at(path, Some(wanted), Some(seen)),
    }
}

fn at(path: &str, wanted: Option<&Value>, seen: Option<&Value>) -> Words {
    let words = Words::new(words_of(wanted), words_of(seen));
    match path.trim_start_matches('.') {
        "" => words,
        path => words.under(path),
    }
}

/// Where two texts part.
pub(super) fn text_difference(wanted: &str, seen: &str) -> Words {
    let common: usize =
        wanted.chars().zip(seen.chars()).take_while(|(a, b)| a == b).map(|(letter, _)| letter.len_utf8()).sum();
    let rest = |text: &str| match &text[common..] {
        "" => None,
        rest => Some(Value::from(rest)),
    };
    Words::new(words_of(rest(wanted).as_ref()), words_of(rest(seen).as_ref())).under(&format!("from byte {common} on"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_first_difference_is_told_with_its_place() {
        let words = difference(&json!({"a": [1, {"b": 2}]}), &json!({"a": [1.0, {"b": 3}]}), "");
        assert_eq!(words, Words::new("a[1].b: 2", "a[1].b: 3"));
        let words = difference(&json!({"a": 1}), &json!({"a": 1, "c": 2}), "");
        assert_eq!(words, Words::new("c: nothing", "c: 2"));
        let words = text_difference("data: 1\n\ndata: [DONE]\n\n", "data: 1\n\n");
        assert_eq!(words.got, "from byte 9 on: nothing");
        assert_eq!(words.expected, "from byte 9 on: data: [DONE]\\n\\n");
    }
}
