//! JSON Schema, as far as Google takes it.

use serde_json::{Map, Value, json};

/// The words that Google knows.
const KNOWN: [&str; 19] = [
    "type",
    "format",
    "description",
    "title",
    "nullable",
    "enum",
    "items",
    "properties",
    "required",
    "anyOf",
    "default",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "propertyOrdering",
];
/// References that lead into each other further than this are left out.
const DEEPEST: usize = 32;

/// The schema without what Google refuses: references are resolved, types that may be null say so.
pub fn of_google(schema: &Value) -> Value {
    let definitions = schema.get("$defs").or_else(|| schema.get("definitions")).cloned().unwrap_or_default();
    clean(schema, &definitions, 0)
}

fn clean(schema: &Value, definitions: &Value, depth: usize) -> Value {
    let Some(fields) = schema.as_object() else { return schema.clone() };
    if depth > DEEPEST {
        return json!({"type": "object"});
    }
    let reference = fields.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
    if let Some(target) = reference.and_then(|name| definitions.get(name)) {
        return clean(target, definitions, depth + 1);
    }
    let mut cleaned = Map::new();
    for (name, value) in fields.iter().filter(|(name, _)| KNOWN.contains(&name.as_str())) {
        let value = match (name.as_str(), value) {
            ("items", value) => clean(value, definitions, depth + 1),
            ("properties", Value::Object(properties)) => {
                let each = |(name, schema): (&String, &Value)| (name.clone(), clean(schema, definitions, depth + 1));
                Value::Object(properties.iter().map(each).collect())
            }
            ("anyOf", Value::Array(members)) => {
                members.iter().map(|member| clean(member, definitions, depth + 1)).collect()
            }
            ("type", Value::Array(types)) => {
                if types.iter().any(|name| name == "null") {
                    cleaned.insert("nullable".to_owned(), true.into());
                }
                types.iter().find(|name| *name != "null").cloned().unwrap_or_else(|| "object".into())
            }
            (_, value) => value.clone(),
        };
        cleaned.insert(name.clone(), value);
    }
    complete(&mut cleaned);
    cleaned.into()
}

/// Adds what Google demands.
fn complete(schema: &mut Map<String, Value>) {
    if schema.get("type").is_some_and(|name| name == "array") {
        schema.entry("items").or_insert_with(|| json!({"type": "object"}));
    }
    if schema.get("format").is_some_and(|format| format != "enum" && format != "date-time") {
        schema.remove("format");
    }
    match (schema.contains_key("enum"), schema.get("type").and_then(Value::as_str)) {
        (true, None) => drop(schema.insert("type".to_owned(), "string".into())),
        (true, Some(name)) if name != "string" => drop(schema.remove("enum")),
        (false, None) if !schema.contains_key("anyOf") => drop(schema.insert("type".to_owned(), "object".into())),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_google_refuses_is_left_out() {
        let schema = json!({"$schema": "x", "type": "object", "additionalProperties": false,
            "$defs": {"unit": {"enum": ["C", "F"]}},
            "properties": {"unit": {"$ref": "#/$defs/unit"}, "note": {"type": ["string", "null"], "format": "email"}}});
        let expected = json!({"type": "object", "properties": {
            "unit": {"enum": ["C", "F"], "type": "string"}, "note": {"nullable": true, "type": "string"}}});
        assert_eq!(of_google(&schema), expected);
    }
}
