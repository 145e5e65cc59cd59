//! JSON merge patch, RFC 7386.

use serde_json::{Map, Value};

/// The target as the patch wants it.
pub(in crate::embedded) fn merge_patch(target: &Value, patch: Value) -> Value {
    let Value::Object(patch) = patch else { return patch };
    let mut merged = target.as_object().cloned().unwrap_or_else(Map::new);
    for (name, value) in patch {
        if value.is_null() {
            merged.shift_remove(&name);
        } else {
            let old = merged.get(&name).unwrap_or(&Value::Null);
            let new = merge_patch(old, value);
            merged.insert(name, new);
        }
    }
    Value::Object(merged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_examples_of_the_rfc() {
        let cases = [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "b", "b": "c"}), json!({"a": null}), json!({"b": "c"})),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}})),
            (json!({"e": null}), json!({"a": 1}), json!({"e": null, "a": 1})),
            (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
            (json!([1]), json!({"a": "b"}), json!({"a": "b"})),
        ];
        for (target, patch, expected) in cases {
            assert_eq!(merge_patch(&target, patch), expected);
        }
    }
}
