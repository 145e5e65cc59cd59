//! The set of fields that a configuration speaks of.

use super::element::Element;
use super::set::FieldSet;
use super::shape::{ListKind, Shape};
use serde_json::Value;

/// All fields of `value`.
pub(super) fn field_set(shape: Shape<'_>, value: &Value) -> FieldSet {
    let mut set = FieldSet::default();
    collect(shape, value, &mut Vec::new(), &mut set);
    set
}

fn collect(shape: Shape<'_>, value: &Value, path: &mut Vec<Element>, set: &mut FieldSet) {
    match value {
        Value::Object(_) if shape.atomic_map() => set.insert(path),
        Value::Object(object) => {
            for (name, below) in object {
                path.push(Element::field(name));
                collect(shape.field(name).unwrap_or(Shape::Free), below, path, set);
                let empty = below.is_null() || below.as_object().is_some_and(serde_json::Map::is_empty);
                if empty || !shape.declares(name) {
                    set.insert(path);
                }
                path.pop();
            }
        }
        Value::Array(items) => {
            if shape.list_kind() == ListKind::Atomic {
                return set.insert(path);
            }
            for item in items {
                let Some(element) = shape.element_of(item) else { continue };
                path.push(element);
                collect(shape.items(), item, path, set);
                set.insert(path);
                path.pop();
            }
        }
        _ => set.insert(path),
    }
}
