//! JSON as protocol buffers allow it, in the one way that our types read.

use serde_json::{Value, json};

/// The same with lists where an empty one may be left out.
pub(super) fn normal(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(normal).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name.clone(), field(&name, value))).collect(),
        other => other,
    }
}

fn field(name: &str, value: Value) -> Value {
    let mut value = normal(value);
    if matches!(name, "arrayValue" | "kvlistValue")
        && let Some(fields) = value.as_object_mut()
    {
        fields.entry("values").or_insert_with(|| json!([]));
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_list_may_be_left_out() {
        let written = json!({ "attributes": [{ "value": { "arrayValue": {} } }] });
        assert_eq!(normal(written), json!({ "attributes": [{ "value": { "arrayValue": { "values": [] } } }] }));
    }
}
