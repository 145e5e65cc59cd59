//! Whether an applied configuration fits the schema well enough to be merged.

use super::element::Element;
use super::shape::{ListKind, Shape};
use serde_json::Value;

/// Everything that does not fit, each as `.path: why`.
pub(in crate::embedded) fn check(shape: Shape<'_>, config: &Value) -> Vec<String> {
    let mut errors = Vec::new();
    walk(shape, config, "", &mut errors);
    errors
}

fn walk(shape: Shape<'_>, value: &Value, path: &str, errors: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (name, below) in object {
                let path = format!("{path}.{name}");
                match shape.field(name) {
                    Some(shape) => walk(shape, below, &path, errors),
                    None => errors.push(format!("{path}: field not declared in schema")),
                }
            }
        }
        Value::Array(items) => walk_list(shape, items, path, errors),
        _ => {}
    }
    if let Some(why) = wrong_type(shape, value) {
        errors.push(format!("{path}: {why}"));
    }
}

/// What the merge makes of a value that is not of the declared type.
fn wrong_type(shape: Shape<'_>, value: &Value) -> Option<String> {
    let found = match value {
        Value::Null => return None,
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float64",
        Value::Number(_) => "int64",
        Value::String(_) => "string",
        Value::Array(_) => "[]interface {}",
        Value::Object(_) => "map[string]interface {}",
    };
    match (shape.type_name()?, value) {
        ("integer" | "number", Value::Number(_)) => None,
        ("string", Value::String(_)) | ("boolean", Value::Bool(_)) => None,
        ("array", Value::Array(_)) | ("object", Value::Object(_)) => None,
        ("integer" | "number", _) => Some(format!("expected numeric (int or float), got {found}")),
        ("string", other) => Some(format!("expected string, got {other}")),
        ("boolean", other) => Some(format!("expected boolean, got {}", plain(other))),
        ("array", other) => Some(format!("expected list, got &{{{}}}", plain(other))),
        ("object", other) => Some(format!("expected map, got &{{{}}}", plain(other))),
        _ => None,
    }
}

/// A value without quotes, as Go's `%v` prints scalars.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn walk_list(shape: Shape<'_>, items: &[Value], path: &str, errors: &mut Vec<String>) {
    let mut seen: Vec<Element> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let element = match shape.list_kind() {
            ListKind::Atomic => None,
            ListKind::Set => Some(Element::member(item)),
            ListKind::Map(keys) => match shape.items().key_of(keys, item) {
                Ok(element) => Some(element),
                Err(key) => {
                    errors.push(format!(
                        "{path}: element {index}: associative list with keys has an element that omits key field \"{key}\" (and doesn't have default value)"
                    ));
                    continue;
                }
            },
        };
        let below = element.as_ref().map_or_else(|| format!("{path}[{index}]"), |element| format!("{path}{element}"));
        if let Some(element) = element {
            if seen.contains(&element) {
                errors.push(format!("{path}: duplicate entries for key {element}"));
                continue;
            }
            seen.push(element);
        }
        walk(shape.items(), item, &below, errors);
    }
}
