//! Object values as CEL sees them, typed by their schema.
//! Source: apiserver `pkg/cel/common/values.go` and Kubernetes' documentation of CEL field names.

use super::format::Format;
use super::node::{Kind, Node};
use base64::Engine as _;
use kube_cel::cel::objects::{Key, Map};
use kube_cel::cel::{Context, Program, Value as Cel};
use serde_json::{Number, Value};
use std::collections::HashMap;
use std::sync::Arc;

const RESERVED: [&str; 21] = [
    "true",
    "false",
    "null",
    "in",
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

/// A value of an object as CEL value; `node` is absent where the schema knows nothing.
pub(super) fn from_json(node: Option<&Node>, value: &Value) -> Cel {
    match value {
        Value::Null => Cel::Null,
        Value::Bool(truth) => Cel::Bool(*truth),
        Value::Number(number) => from_number(node, number),
        Value::String(text) => from_string(node, text),
        Value::Array(list) => {
            let items = node.and_then(|node| node.items.as_deref());
            Cel::List(Arc::new(list.iter().map(|item| from_json(items, item)).collect()))
        }
        Value::Object(map) => {
            let members = map.iter().map(|(name, value)| member(node, name, value));
            Cel::Map(Map { map: Arc::new(members.collect::<HashMap<_, _>>()) })
        }
    }
}

/// Keys of a map are data, names of properties are identifiers.
fn member(node: Option<&Node>, name: &str, value: &Value) -> (Key, Cel) {
    if let Some(child) = node.and_then(|node| node.properties.get(name)) {
        return (key(escaped(name)), from_json(Some(child), value));
    }
    match node.and_then(|node| node.additional.as_deref()) {
        Some(child) => (key(name.to_owned()), from_json(Some(child), value)),
        None => (key(escaped(name)), from_json(None, value)),
    }
}

fn key(name: String) -> Key {
    Key::String(Arc::new(name))
}

fn from_number(node: Option<&Node>, number: &Number) -> Cel {
    let float = number.as_f64().unwrap_or(f64::NAN);
    if node.is_some_and(|node| node.kind == Kind::Number) {
        return Cel::Float(float);
    }
    if let Some(integer) = number.as_i64() {
        return Cel::Int(integer);
    }
    if let Some(integer) = number.as_u64() {
        return Cel::UInt(integer);
    }
    if node.is_some_and(|node| node.kind == Kind::Integer) && float.fract() == 0.0 {
        return format!("{float:.0}").parse().map_or(Cel::Float(float), Cel::Int);
    }
    Cel::Float(float)
}

fn from_string(node: Option<&Node>, text: &str) -> Cel {
    let plain = || Cel::String(Arc::new(text.to_owned()));
    let converted = match node.filter(|node| node.kind == Kind::String).and_then(|node| node.format) {
        Some(Format::DateTime) => call("timestamp(text)", text),
        Some(Format::Duration) => call("duration(text)", text),
        Some(Format::Byte) => {
            base64::engine::general_purpose::STANDARD.decode(text).ok().map(|bytes| Cel::Bytes(Arc::new(bytes)))
        }
        _ => None,
    };
    converted.unwrap_or_else(plain)
}

/// Lets CEL read its own time types, so that they are the ones it calculates with.
fn call(expression: &str, text: &str) -> Option<Cel> {
    let program = Program::compile(expression).ok()?;
    let mut context = Context::default();
    context.add_variable_from_value("text", text.to_owned());
    program.execute(&context).ok()
}

/// A property's name as CEL identifier.
fn escaped(name: &str) -> String {
    if RESERVED.contains(&name) {
        return format!("__{name}__");
    }
    if !name.contains(['.', '-', '/']) && !name.contains("__") {
        return name.to_owned();
    }
    name.replace("__", "__underscores__").replace('.', "__dot__").replace('-', "__dash__").replace('/', "__slash__")
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn names_become_identifiers() {
        assert_eq!(escaped("namespace"), "__namespace__");
        assert_eq!(escaped("a_b"), "a_b");
        assert_eq!(escaped("a__b.c-d/e"), "a__underscores__b__dot__c__dash__d__slash__e");
    }
}
