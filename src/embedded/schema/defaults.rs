//! Defaulting. Source: apiextensions-apiserver `pkg/apiserver/schema/defaulting`.

use super::node::Node;
use serde_json::Value;

/// Fills in defaults, and takes nulls away where the schema allows none: as if the field were not there.
pub(super) fn apply(node: &Node, value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (name, child) in &node.properties {
                let Some(default) = &child.default else { continue };
                if map.get(name).is_none_or(|present| is_forbidden_null(child, present)) {
                    map.insert(name.clone(), default.clone());
                }
            }
            for (name, present) in map.iter_mut() {
                let Some(child) = node.properties.get(name).or(node.additional.as_deref()) else { continue };
                replace_null(child, present);
                apply(child, present);
            }
            map.retain(|name, present| {
                let child = node.properties.get(name).or(node.additional.as_deref());
                !child.is_some_and(|child| child.default.is_none() && is_forbidden_null(child, present))
            });
        }
        Value::Array(list) => {
            let Some(items) = node.items.as_deref() else { return };
            for item in list {
                replace_null(items, item);
                apply(items, item);
            }
        }
        _ => {}
    }
}

fn replace_null(node: &Node, value: &mut Value) {
    if let Some(default) = node.default.as_ref().filter(|_| is_forbidden_null(node, value)) {
        *value = default.clone();
    }
}

fn is_forbidden_null(node: &Node, value: &Value) -> bool {
    value.is_null() && !node.nullable
}
