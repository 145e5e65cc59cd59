//! JSON in protocol buffers.

use envoy_types::pb::google::protobuf::value::Kind;
use envoy_types::pb::google::protobuf::{ListValue, Struct, Value as Proto};
use serde_json::{Map, Value};

/// A JSON object as a struct.
pub(in crate::mock) fn struct_of(object: &Map<String, Value>) -> Struct {
    Struct { fields: object.iter().map(|(name, value)| (name.clone(), proto_of(value))).collect() }
}

/// A struct as a JSON object, its names in order.
pub(in crate::mock) fn json_of(object: &Struct) -> Value {
    let mut names: Vec<&String> = object.fields.keys().collect();
    names.sort();
    names.into_iter().map(|name| (name.clone(), value_of(&object.fields[name]))).collect()
}

fn proto_of(value: &Value) -> Proto {
    Proto {
        kind: Some(match value {
            Value::Null => Kind::NullValue(0),
            Value::Bool(value) => Kind::BoolValue(*value),
            // Every number of JSON is one of these, if not always exactly.
            Value::Number(value) => Kind::NumberValue(value.as_f64().unwrap_or_default()),
            Value::String(value) => Kind::StringValue(value.clone()),
            Value::Array(values) => Kind::ListValue(ListValue { values: values.iter().map(proto_of).collect() }),
            Value::Object(fields) => Kind::StructValue(struct_of(fields)),
        }),
    }
}

fn value_of(value: &Proto) -> Value {
    match &value.kind {
        None | Some(Kind::NullValue(_)) => Value::Null,
        Some(Kind::BoolValue(value)) => (*value).into(),
        // Whole numbers are written as such.
        Some(Kind::NumberValue(value)) if value.fract() == 0.0 && value.abs() < 1e15 => (*value as i64).into(),
        Some(Kind::NumberValue(value)) => (*value).into(),
        Some(Kind::StringValue(value)) => value.clone().into(),
        Some(Kind::StructValue(value)) => json_of(value),
        Some(Kind::ListValue(list)) => list.values.iter().map(value_of).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn json_comes_back_as_it_was() {
        let value = json!({ "a": null, "b": [true, 1, 2.5, "x"], "c": { "d": {} } });
        assert_eq!(json_of(&struct_of(value.as_object().unwrap())), value);
    }
}
