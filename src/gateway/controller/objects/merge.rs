//! Laying what people write over generated objects.

use serde_json::{Map, Value};

/// By which fields items of lists are told apart, the first that both items have counting.
const NAMES: [&str; 4] = ["name", "port", "containerPort", "ip"];

/// Merges like a strategic merge patch: maps field by field, lists of named items item by item, a field that is `null` takes
/// away, anything else replaces. Ports are told apart by their number, other items by their name.
pub(super) fn merge(under: &mut Value, over: &Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => merge_maps(under, over),
        (Value::Array(under), Value::Array(over)) if over.iter().all(|item| item.is_object()) => {
            merge_lists(under, over);
        }
        (_, Value::Null) => {}
        (under, over) => *under = over.clone(),
    }
}

fn merge_maps(under: &mut Map<String, Value>, over: &Map<String, Value>) {
    for (field, value) in over {
        if value.is_null() {
            under.remove(field);
        } else {
            merge(under.entry(field.clone()).or_insert(Value::Null), value);
        }
    }
}

fn merge_lists(under: &mut Vec<Value>, over: &[Value]) {
    for item in over {
        match under.iter_mut().find(|known| same(known, item)) {
            Some(known) => merge(known, item),
            None => under.push(item.clone()),
        }
    }
}

fn same(known: &Value, item: &Value) -> bool {
    let ports = |value: &Value| value.get("port").cloned();
    if let (Some(known), Some(item)) = (ports(known), ports(item)) {
        return known == item;
    }
    let shared = NAMES.iter().find(|name| known.get(**name).is_some() && item.get(**name).is_some());
    shared.is_some_and(|name| known[*name] == item[*name])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn named_items_are_merged_and_null_takes_away() {
        let mut service = json!({"type": "LoadBalancer", "x": 1, "ports": [{"name": "listener-8080", "port": 8080}]});
        merge(&mut service, &json!({"type": "NodePort", "x": null, "ports": [{"port": 8080, "nodePort": 30080}]}));
        let expected =
            json!({"type": "NodePort", "ports": [{"name": "listener-8080", "port": 8080, "nodePort": 30080}]});
        assert_eq!(service, expected);
    }
}
