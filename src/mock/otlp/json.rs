//! JSON as protocol buffers allow it, in the one way that our types read.

use serde_json::{Value, json};

/// The same with whole numbers of points as numbers, and with lists where an empty one may be left out.
pub(super) fn normal(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(normal).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name.clone(), field(&name, value))).collect(),
        other => other,
    }
}

fn field(name: &str, value: Value) -> Value {
    let mut value = normal(value);
    match name {
        "asInt" => match value.as_str().and_then(|text| text.parse::<i64>().ok()) {
            Some(number) => number.into(),
            None => value,
        },
        "arrayValue" | "kvlistValue" => {
            if let Some(fields) = value.as_object_mut() {
                fields.entry("values").or_insert_with(|| json!([]));
            }
            value
        }
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_to_write_a_number_and_an_empty_list_are_read() {
        let written = json!({ "dataPoints": [{ "asInt": "5" }, { "asInt": 6 }], "value": { "arrayValue": {} } });
        let read =
            json!({ "dataPoints": [{ "asInt": 5 }, { "asInt": 6 }], "value": { "arrayValue": { "values": [] } } });
        assert_eq!(normal(written), read);
    }
}
