//! A short notation for structural schemas.
//!
//! `field: type`, `field!: type` where it is required, `field: string=TCP` with a default. Types: `string`, `boolean`,
//! `int32`, `int64`, `integer`, `number`, `date`, `bytes`, `intOrString`, `any`, the name of another type, `map(T)`,
//! `[T]` for a list that is one piece, `[T]{a,b}` for a list with keys, `set[T]`. A `~` before the type, or the entry
//! `"~": atomic` within a type, makes the value one piece.

use serde_json::{Map, Value, json};

/// Types nest, but none contains itself; this only guards against a mistake in the data.
const DEEPEST: usize = 24;

/// Expands the type `name` of the catalogue `types` to a structural schema.
pub(super) fn expand_type(types: &Value, about: &Value, name: &str) -> Value {
    expand(types, about, name, 0)
}

fn expand(types: &Value, about: &Value, name: &str, depth: usize) -> Value {
    let Some(fields) = types[name].as_object().filter(|_| depth < DEEPEST) else { return free() };
    let mut schema = json!({"type": "object"});
    if let Some(text) = about[name][""].as_str() {
        schema["description"] = text.into();
    }
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (field, notation) in fields {
        if field == "~" {
            schema["x-kubernetes-map-type"] = "atomic".into();
            continue;
        }
        let plain = field.trim_end_matches('!');
        if plain != field {
            required.push(Value::from(plain));
        }
        let mut property = value_schema(types, about, notation.as_str().unwrap_or("any"), depth);
        if let Some(text) = about[name][plain].as_str() {
            property["description"] = text.into();
        }
        properties.insert(plain.to_owned(), property);
    }
    schema["properties"] = properties.into();
    if !required.is_empty() {
        schema["required"] = required.into();
    }
    schema
}

fn value_schema(types: &Value, about: &Value, notation: &str, depth: usize) -> Value {
    let (notation, default) = match notation.split_once('=') {
        Some((notation, default)) => (notation, Some(default)),
        None => (notation, None),
    };
    let (notation, atomic) = match notation.strip_prefix('~') {
        Some(notation) => (notation, true),
        None => (notation, false),
    };
    let mut schema = plain_schema(types, about, notation, depth);
    if atomic {
        schema["x-kubernetes-map-type"] = "atomic".into();
    }
    if let Some(default) = default {
        schema["default"] = serde_json::from_str(default).unwrap_or_else(|_| default.into());
    }
    schema
}

fn plain_schema(types: &Value, about: &Value, notation: &str, depth: usize) -> Value {
    let list = |inner: &str| value_schema(types, about, inner, depth);
    if let Some(inner) = notation.strip_prefix("set[").and_then(|rest| rest.strip_suffix(']')) {
        return json!({"type": "array", "items": list(inner), "x-kubernetes-list-type": "set"});
    }
    if let Some(rest) = notation.strip_prefix('[') {
        let (inner, keys) = rest.rsplit_once(']').unwrap_or((rest, ""));
        if keys.is_empty() {
            return json!({"type": "array", "items": list(inner), "x-kubernetes-list-type": "atomic"});
        }
        let keys: Vec<&str> = keys.trim_matches(['{', '}']).split(',').collect();
        return json!({"type": "array", "items": list(inner), "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": keys});
    }
    if let Some(inner) = notation.strip_prefix("map(").and_then(|rest| rest.strip_suffix(')')) {
        return json!({"type": "object", "additionalProperties": list(inner)});
    }
    match notation {
        "string" | "boolean" | "integer" | "number" => json!({"type": notation}),
        "int32" | "int64" => json!({"type": "integer", "format": notation}),
        "date" => json!({"type": "string", "format": "date-time"}),
        "bytes" => json!({"type": "string", "format": "byte"}),
        "intOrString" => json!({"x-kubernetes-int-or-string": true}),
        "any" => free(),
        name => expand(types, about, name, depth + 1),
    }
}

fn free() -> Value {
    json!({"x-kubernetes-preserve-unknown-fields": true})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notation_becomes_a_structural_schema() {
        let types = json!({"A": {"ports!": "[P]{port,protocol}", "labels": "~map(string)"},
            "P": {"port!": "int32", "protocol": "string=TCP"}});
        let schema = expand_type(&types, &json!({"A": {"": "An A."}}), "A");
        assert_eq!(schema["description"], "An A.");
        assert_eq!(schema["required"], json!(["ports"]));
        assert_eq!(schema["properties"]["ports"]["x-kubernetes-list-map-keys"], json!(["port", "protocol"]));
        assert_eq!(schema["properties"]["ports"]["items"]["properties"]["protocol"]["default"], "TCP");
        assert_eq!(schema["properties"]["labels"]["x-kubernetes-map-type"], "atomic");
    }
}
