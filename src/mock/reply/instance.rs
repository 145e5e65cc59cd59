//! A value that a JSON Schema allows. The same schema always gives the same value.

use serde_json::{Map, Value, json};

/// How deep values are nested; what lies deeper is left out where it may be.
const DEPTH: usize = 12;
/// How many values one instance has at most.
const MOST_VALUES: usize = 4_000;

/// A value that the schema allows, as far as types, names, choices, formats and lengths go; patterns are not followed.
pub(in crate::mock) fn instance(schema: &Value) -> Value {
    Maker { root: schema, left: MOST_VALUES }.make(schema, 0)
}

struct Maker<'a> {
    root: &'a Value,
    left: usize,
}

impl<'a> Maker<'a> {
    fn make(&mut self, schema: &'a Value, depth: usize) -> Value {
        if depth > DEPTH || self.left == 0 {
            return Value::Null;
        }
        self.left -= 1;
        let given = |name: &str| schema.get(name).cloned();
        if let Some(value) = given("const").or_else(|| schema["enum"].get(0).cloned()) {
            return value;
        }
        if let Some(target) = schema["$ref"].as_str().and_then(|path| self.root.pointer(path.strip_prefix('#')?)) {
            return self.make(target, depth + 1);
        }
        if let Some(choice) =
            ["anyOf", "oneOf"].iter().find_map(|name| schema[name].as_array()).and_then(|all| best(all))
        {
            return self.make(choice, depth + 1);
        }
        if let Some(parts) = schema["allOf"].as_array() {
            return self.all_of(parts, depth);
        }
        match kind(schema) {
            "object" => Value::Object(self.object(schema, depth)),
            "array" => self.array(schema, depth),
            "string" => text(schema).into(),
            "integer" => number(schema, 1.0).into(),
            "number" => decimal(schema),
            "boolean" => true.into(),
            "null" => Value::Null,
            _ => "text".into(),
        }
    }

    fn object(&mut self, schema: &'a Value, depth: usize) -> Map<String, Value> {
        let required = schema["required"].as_array().map(Vec::as_slice).unwrap_or_default();
        let is_required = |name: &str| required.iter().any(|wanted| wanted == name);
        let properties = schema["properties"].as_object().into_iter().flatten();
        // Deep down only what has to be there is, so that schemas that contain themselves come to an end.
        let wanted = properties.filter(|(name, _)| depth < DEPTH / 3 || is_required(name));
        wanted.map(|(name, property)| (name.clone(), self.make(property, depth + 1))).collect()
    }

    fn all_of(&mut self, parts: &'a [Value], depth: usize) -> Value {
        let mut whole = Map::new();
        for part in parts {
            match self.make(part, depth + 1) {
                Value::Object(fields) => whole.extend(fields),
                other => return other,
            }
        }
        Value::Object(whole)
    }

    fn array(&mut self, schema: &'a Value, depth: usize) -> Value {
        let least = schema["minItems"].as_u64().unwrap_or(u64::from(depth < DEPTH / 3));
        let most = schema["maxItems"].as_u64().unwrap_or(least.max(1));
        let count = least.min(most).min(64);
        (0..count).map(|_| self.make(&schema["items"], depth + 1)).collect()
    }
}

/// The first choice that is not null.
fn best(choices: &[Value]) -> Option<&Value> {
    choices.iter().find(|choice| choice["type"] != "null").or(choices.first())
}

fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(kind) => kind,
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or("null"),
        _ if schema.get("properties").is_some() => "object",
        _ if schema.get("items").is_some() => "array",
        _ => "",
    }
}

fn text(schema: &Value) -> String {
    let text = match schema["format"].as_str() {
        Some("date-time") => "2026-01-01T00:00:00Z",
        Some("date") => "2026-01-01",
        Some("time") => "12:00:00Z",
        Some("duration") => "P1D",
        Some("email") => "someone@example.com",
        Some("hostname") => "example.com",
        Some("ipv4") => "192.0.2.1",
        Some("ipv6") => "2001:db8::1",
        Some("uri" | "url") => "https://example.com/",
        Some("uuid") => "00000000-0000-4000-8000-000000000000",
        _ => "text",
    };
    let least = schema["minLength"].as_u64().unwrap_or(0).min(4_096) as usize;
    let most = schema["maxLength"].as_u64().map_or(usize::MAX, |most| most as usize);
    let padded = text.chars().chain(std::iter::repeat_n('x', least.saturating_sub(text.len())));
    padded.take(most).collect()
}

fn number(schema: &Value, step: f64) -> i64 {
    let limit = |name: &str| schema[name].as_f64();
    let least = limit("minimum").or(limit("exclusiveMinimum").map(|least| least + step));
    let most = limit("maximum").or(limit("exclusiveMaximum").map(|most| most - step));
    let factor = limit("multipleOf").filter(|factor| *factor >= 1.0).unwrap_or(1.0);
    let wanted = least.unwrap_or(f64::MIN).max(1.0).min(most.unwrap_or(f64::MAX));
    let wanted = (wanted / factor).ceil() * factor;
    // A conversion from a float keeps to the bounds of the integer.
    wanted as i64
}

fn decimal(schema: &Value) -> Value {
    let (least, most) = (schema["minimum"].as_f64(), schema["maximum"].as_f64());
    let wanted = 1.5_f64.max(least.unwrap_or(f64::MIN)).min(most.unwrap_or(f64::MAX));
    json!(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instance_is_one_of_its_schema() {
        for schema in [
            json!({ "type": "object", "required": ["a", "b", "c"], "additionalProperties": false, "properties": {
                "a": { "type": "string", "minLength": 9 }, "b": { "type": ["null", "integer"], "minimum": 7 },
                "c": { "type": "array", "items": { "$ref": "#/$defs/leaf" }, "minItems": 2 },
            }, "$defs": { "leaf": { "anyOf": [{ "type": "null" }, { "enum": ["x", "y"] }] } } }),
            json!({ "allOf": [{ "type": "object", "properties": { "a": { "const": 4 } } }], "required": ["a"] }),
            json!({ "type": "string", "format": "uuid" }),
            json!({ "type": "integer", "exclusiveMaximum": 1, "multipleOf": 1 }),
            json!({ "type": "number", "maximum": 0.5 }),
            json!({ "type": "array", "items": { "type": "boolean" }, "maxItems": 0 }),
        ] {
            let made = instance(&schema);
            assert!(jsonschema::is_valid(&schema, &made), "{schema}: {made}");
        }
    }

    #[test]
    fn a_schema_that_contains_itself_comes_to_an_end() {
        let tree = json!({ "type": "object", "properties": { "left": { "$ref": "#" }, "right": { "$ref": "#" } } });
        assert!(instance(&tree).to_string().len() < 10_000);
        let endless = json!({ "type": "object", "required": ["a"], "properties": { "a": { "$ref": "#" } } });
        assert!(instance(&endless).is_object());
        assert!(instance(&json!({ "$ref": "#" })).is_null());
    }
}
