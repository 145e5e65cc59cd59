//! Lays an applied configuration over the live object.

use super::compare::elements;
use super::element::Element;
use super::shape::{ListKind, Shape};
use serde_json::{Map, Value};

/// The live value with everything that the configuration says.
pub(super) fn merge(shape: Shape<'_>, live: &Value, config: &Value) -> Value {
    match (live, config) {
        (Value::Object(live), Value::Object(config)) if !shape.atomic_map() => {
            let mut merged: Map<String, Value> = live.clone();
            for (name, value) in config {
                let below = shape.field(name).unwrap_or(Shape::Free);
                let value = live.get(name).map_or_else(|| value.clone(), |old| merge(below, old, value));
                merged.insert(name.clone(), value);
            }
            Value::Object(merged)
        }
        (Value::Array(_), Value::Array(_)) if shape.list_kind() != ListKind::Atomic => merge_lists(shape, live, config),
        _ => config.clone(),
    }
}

/// Items in the order of the configuration, with foreign items left where they were.
fn merge_lists(shape: Shape<'_>, live: &Value, config: &Value) -> Value {
    let live = elements(shape, Some(live));
    let config = elements(shape, Some(config));
    let in_config = |element: &Element| config.iter().any(|(other, _)| other == element);
    let in_live = |element: &Element| live.iter().find(|(other, _)| other == element).map(|(_, value)| *value);
    let mut shared = config.iter().map(|(element, _)| element).filter(|element| in_live(element).is_some());
    let mut next_shared = shared.next();
    let mut merged = Vec::new();
    let (mut left, mut right) = (0, 0);
    while left < live.len() || right < config.len() {
        if let (Some((old, old_value)), Some((new, new_value))) = (live.get(left), config.get(right)) {
            if old == new {
                merged.push(merge(shape.items(), old_value, new_value));
                left += 1;
                right += 1;
                next_shared = shared.next();
                continue;
            }
            if in_config(old) && next_shared.is_some_and(|next| next != old) {
                left += 1;
                continue;
            }
        }
        if let Some((old, old_value)) = live.get(left) {
            if !in_config(old) {
                merged.push((*old_value).clone());
                left += 1;
                continue;
            }
            if right >= config.len() {
                left += 1;
                continue;
            }
        }
        if let Some((new, new_value)) = config.get(right) {
            merged.push(in_live(new).map_or_else(|| (*new_value).clone(), |old| merge(shape.items(), old, new_value)));
            right += 1;
            if next_shared == Some(new) {
                next_shared = shared.next();
            }
        }
    }
    Value::Array(merged)
}
