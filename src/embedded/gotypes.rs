//! Values of built-in kinds that their Go types do not take.

use super::body::type_name;
use super::refusal::{Answer, Refusal};
use serde_json::Value;

/// Refuses the first value of a wrong type, as decoding into a Go struct does.
pub(super) fn check(schema: &Value, kind: &str, version: &str, object: &Value) -> Answer<()> {
    let Some((path, found, wanted)) = mismatch(schema, "", object) else { return Ok(()) };
    Err(Refusal::bad_request(format!(
        "{kind} in version \"{version}\" cannot be handled as a {kind}: json: cannot unmarshal {found} into Go struct field {kind}.{path} of type {wanted}"
    )))
}

fn mismatch(schema: &Value, path: &str, value: &Value) -> Option<(String, &'static str, &'static str)> {
    let wrong = |wanted| Some((path.to_owned(), type_name(value), wanted));
    let wanted = schema["type"].as_str().unwrap_or_default();
    match (wanted, value) {
        (_, Value::Null)
        | ("string", Value::String(_))
        | ("boolean", Value::Bool(_))
        | ("number", Value::Number(_)) => None,
        ("integer", Value::Number(number)) if number.is_i64() || number.is_u64() => None,
        ("string", _) => wrong("string"),
        ("boolean", _) => wrong("bool"),
        ("integer", _) if schema["format"] == "int32" => wrong("int32"),
        ("integer", _) => wrong("int64"),
        ("object", Value::Object(fields)) => fields.iter().find_map(|(name, below)| {
            match schema["properties"].get(name) {
                Some(property) => {
                    let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    mismatch(property, &path, below)
                }
                // The path of a map's value is that of the map.
                None => mismatch(&schema["additionalProperties"], path, below),
            }
        }),
        ("array", Value::Array(items)) => items.iter().find_map(|item| mismatch(&schema["items"], path, item)),
        ("object", _) => wrong("object"),
        ("array", _) => wrong("array"),
        _ => None,
    }
}
