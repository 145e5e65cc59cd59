//! What differs between two states of an object.

use super::element::Element;
use super::extract::field_set;
use super::set::FieldSet;
use super::shape::{ListKind, Shape};
use serde_json::Value;
use std::collections::BTreeMap;

/// Fields that are new, changed or gone.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    pub added: FieldSet,
    pub modified: FieldSet,
    pub removed: FieldSet,
}

pub(super) fn compare(shape: Shape<'_>, old: &Value, new: &Value) -> Comparison {
    let mut comparison = Comparison::default();
    walk(shape, Some(old), Some(new), &mut Vec::new(), &mut comparison);
    comparison
}

/// The paths of all fields of `config` that have the same value in `live`, in the notation of conflicts.
pub(in crate::embedded) fn same_fields(shape: Shape<'_>, config: &Value, live: &Value) -> Vec<String> {
    let differing = compare(shape, config, live);
    let changed = differing.modified.union(&differing.removed);
    field_set(shape, config).difference(&changed).paths()
}

fn walk(
    shape: Shape<'_>,
    old: Option<&Value>,
    new: Option<&Value>,
    path: &mut Vec<Element>,
    comparison: &mut Comparison,
) {
    if old == new {
        return;
    }
    let deep = match (old, new) {
        (Some(Value::Object(_)), Some(Value::Object(_)) | None) | (None, Some(Value::Object(_))) => {
            !shape.atomic_map() && (length(old) > 0 || length(new) > 0)
        }
        (Some(Value::Array(_)), Some(Value::Array(_)) | None) | (None, Some(Value::Array(_))) => {
            shape.list_kind() != ListKind::Atomic && (length(old) > 0 || length(new) > 0)
        }
        _ => false,
    };
    if deep {
        for (element, (old, new)) in children(shape, old, new) {
            let below = shape.below(&element);
            path.push(element);
            walk(below, old, new, path, comparison);
            path.pop();
        }
    }
    match (old, new) {
        (None, Some(_)) => comparison.added.insert(path),
        (Some(_), None) => comparison.removed.insert(path),
        _ if !deep => comparison.modified.insert(path),
        _ => {}
    }
}

type Pair<'a> = (Option<&'a Value>, Option<&'a Value>);

fn children<'a>(shape: Shape<'_>, old: Option<&'a Value>, new: Option<&'a Value>) -> BTreeMap<Element, Pair<'a>> {
    let mut pairs: BTreeMap<Element, Pair<'a>> = BTreeMap::new();
    for (element, value) in elements(shape, old) {
        pairs.entry(element).or_default().0 = Some(value);
    }
    for (element, value) in elements(shape, new) {
        pairs.entry(element).or_default().1 = Some(value);
    }
    pairs
}

/// The elements of an object or of a list that is not one piece.
pub(super) fn elements<'a>(shape: Shape<'_>, value: Option<&'a Value>) -> Vec<(Element, &'a Value)> {
    match value {
        Some(Value::Object(object)) => object.iter().map(|(name, below)| (Element::field(name), below)).collect(),
        Some(Value::Array(items)) => items.iter().filter_map(|item| Some((shape.element_of(item)?, item))).collect(),
        _ => Vec::new(),
    }
}

fn length(value: Option<&Value>) -> usize {
    match value {
        Some(Value::Object(object)) => object.len(),
        Some(Value::Array(items)) => items.len(),
        _ => 0,
    }
}
