//! Takes fields out of an object.

use super::element::Element;
use super::set::FieldSet;
use super::shape::{ListKind, Shape};
use serde_json::{Map, Value};

/// The value without the fields of `set`; none where nothing is left of it.
pub(super) fn remove(shape: Shape<'_>, value: &Value, set: &FieldSet) -> Option<Value> {
    match value {
        Value::Object(object) if !shape.atomic_map() => {
            let mut kept = Map::new();
            for (name, below) in object {
                let element = Element::field(name);
                let below_shape = shape.field(name).unwrap_or(Shape::Free);
                if let Some(below) = remove_child(below_shape, below, &element, set) {
                    kept.insert(name.clone(), below);
                }
            }
            (!kept.is_empty()).then_some(Value::Object(kept))
        }
        Value::Array(items) if shape.list_kind() != ListKind::Atomic => {
            let kept: Vec<Value> = items
                .iter()
                .filter_map(|item| match shape.element_of(item) {
                    Some(element) => remove_child(shape.items(), item, &element, set),
                    None => Some(item.clone()),
                })
                .collect();
            (!kept.is_empty()).then_some(Value::Array(kept))
        }
        other => Some(other.clone()),
    }
}

fn remove_child(shape: Shape<'_>, value: &Value, element: &Element, set: &FieldSet) -> Option<Value> {
    if set.members.contains(element) {
        return None;
    }
    match set.child(element) {
        // What lost its last field but is still wanted itself stays as null; the schema then says whether it may.
        Some(below) => Some(remove(shape, value, below).unwrap_or(Value::Null)),
        None => Some(value.clone()),
    }
}
