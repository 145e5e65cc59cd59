//! JSON bodies, with an eye on fields that are said twice.

use super::refusal::{Answer, Refusal};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::cell::RefCell;
use std::fmt;

/// A body, and the paths of fields that it says more than once; the last one counts.
#[derive(Debug)]
pub(super) struct Decoded {
    pub value: Value,
    pub duplicates: Vec<String>,
}

/// Reads JSON.
pub(super) fn json(body: &[u8]) -> Result<Decoded, serde_json::Error> {
    let duplicates = RefCell::new(Vec::new());
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = Seed { path: String::new(), duplicates: &duplicates }.deserialize(&mut reader)?;
    reader.end()?;
    Ok(Decoded { value, duplicates: duplicates.into_inner() })
}

/// Reads YAML, or JSON, which is YAML.
pub(super) fn yaml(body: &[u8]) -> Answer<Decoded> {
    if let Ok(decoded) = json(body) {
        return Ok(decoded);
    }
    let text =
        std::str::from_utf8(body).map_err(|error| Refusal::bad_request(format!("error decoding YAML: {error}")))?;
    let value: Value = serde_yaml::from_str(text).map_err(|error| {
        Refusal::bad_request(format!("error decoding YAML: error converting YAML to JSON: {error}"))
    })?;
    Ok(Decoded { value, duplicates: Vec::new() })
}

/// The value with the keys of all objects in the order of the alphabet, as Go prints maps.
pub(super) fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<(String, Value)> =
                fields.iter().map(|(name, below)| (name.clone(), sorted(below))).collect();
            fields.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(fields.into_iter().collect())
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

struct Seed<'a> {
    path: String,
    duplicates: &'a RefCell<Vec<String>>,
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        loop {
            let seed = Seed { path: format!("{}[{}]", self.path, list.len()), duplicates: self.duplicates };
            match items.next_element_seed(seed)? {
                Some(item) => list.push(item),
                None => return Ok(Value::Array(list)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = fields.next_key::<String>()? {
            let path = if self.path.is_empty() { name.clone() } else { format!("{}.{name}", self.path) };
            if object.contains_key(&name) {
                self.duplicates.borrow_mut().push(path.clone());
            }
            let value = fields.next_value_seed(Seed { path, duplicates: self.duplicates })?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duplicates_are_noticed_and_the_last_one_counts() {
        let decoded = json(br#"{"a": [{"b": 1, "b": 2}], "a": [{"b": 3, "b": 4}]}"#).expect("JSON");
        assert_eq!(decoded.value, serde_json::json!({"a": [{"b": 4}]}));
        assert_eq!(decoded.duplicates, ["a[0].b", "a", "a[0].b"]);
        assert!(json(b"{} x").is_err());
        assert!(json("[".repeat(100_000).as_bytes()).is_err(), "deep nesting is refused, not a stack overflow");
    }
}
