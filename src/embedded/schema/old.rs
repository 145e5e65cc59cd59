//! Which stored value a new value replaces. Source: apiserver `pkg/cel/common/values.go`, correlation of list elements.

use super::node::{ListType, Node};
use serde_json::Value;

/// The stored value of a property or of a map's key.
pub(super) fn member<'a>(old: Option<&'a Value>, name: &str) -> Option<&'a Value> {
    old?.get(name)
}

/// The stored element with the same keys; only lists of type `map` know their elements again.
pub(super) fn element<'a>(node: &Node, old: Option<&'a Value>, new: &Value) -> Option<&'a Value> {
    let ListType::Map(keys) = &node.list_type else {
        return None;
    };
    let same = |candidate: &&Value| keys.iter().all(|key| candidate.get(key) == new.get(key));
    old?.as_array()?.iter().find(same)
}

/// Whether a value is as it was before; the order of sets and of lists of type `map` does not count.
pub(super) fn is_unchanged(node: &Node, old: Option<&Value>, new: &Value) -> bool {
    old.is_some_and(|old| old == new || is_equal(node, old, new))
}

fn is_equal(node: &Node, old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Object(before), Value::Object(after)) => {
            before.len() == after.len()
                && after.iter().all(|(name, new)| is_equal_member(node, before.get(name), name, new))
        }
        (Value::Array(before), Value::Array(after)) => {
            before.len() == after.len() && is_equal_list(node, before, after)
        }
        _ => old == new,
    }
}

fn is_equal_member(node: &Node, old: Option<&Value>, name: &str, new: &Value) -> bool {
    match node.properties.get(name).or(node.additional.as_deref()) {
        Some(child) => old.is_some_and(|old| is_equal(child, old, new)),
        None => old == Some(new),
    }
}

fn is_equal_list(node: &Node, old: &[Value], new: &[Value]) -> bool {
    let Some(items) = node.items.as_deref() else {
        return old == new;
    };
    match &node.list_type {
        ListType::Atomic => old.iter().zip(new).all(|(old, new)| is_equal(items, old, new)),
        ListType::Set => new.iter().all(|new| old.contains(new)) && old.iter().all(|old| new.contains(old)),
        ListType::Map(keys) => {
            let same = |old: &&Value, new: &Value| keys.iter().all(|key| old.get(key) == new.get(key));
            new.iter().all(|new| old.iter().find(|old| same(old, new)).is_some_and(|old| is_equal(items, old, new)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn order_counts_in_atomic_lists_only() {
        let list = |kind: &str| {
            let raw = json!({"type": "array", "x-kubernetes-list-type": kind, "x-kubernetes-list-map-keys": ["k"],
                "items": {"type": "object"}});
            Node::read(&raw, "", 0).unwrap()
        };
        let (before, after) = (json!([{"k": 1, "v": 1}, {"k": 2}]), json!([{"k": 2}, {"k": 1, "v": 1}]));
        for (kind, unchanged) in [("atomic", false), ("set", true), ("map", true)] {
            assert_eq!(is_unchanged(&list(kind), Some(&before), &after), unchanged, "{kind}");
        }
        assert!(!is_unchanged(&list("map"), Some(&before), &json!([{"k": 2}, {"k": 1, "v": 2}])));
    }
}
