//! Strategic merge patch, for built-in kinds.
//! Source: kubernetes/apimachinery `pkg/util/strategicpatch/patch.go`.

use super::merge_patch;
use crate::embedded::builtin;
use serde_json::{Map, Value};

/// The target as the patch wants it; the error tells which directive is not understood.
pub(in crate::embedded) fn strategic_merge(schema: &Value, target: &Value, patch: &Value) -> Result<Value, String> {
    let (Value::Object(patch), Value::Object(target)) = (patch, target) else { return Ok(patch.clone()) };
    merge_objects(schema, target, patch, true).map(Value::Object)
}

fn merge_objects(
    schema: &Value,
    target: &Map<String, Value>,
    patch: &Map<String, Value>,
    root: bool,
) -> Result<Map<String, Value>, String> {
    match patch.get("$patch").and_then(Value::as_str) {
        Some("replace") => return Ok(without_directives(patch)),
        Some("delete") => return Ok(Map::new()),
        Some("merge") | None => {}
        Some(other) => return Err(format!("Unknown patch type \"{other}\" found in patch map.")),
    }
    let mut merged = target.clone();
    if let Some(Value::Array(kept)) = patch.get("$retainKeys") {
        merged.retain(|name, _| kept.iter().any(|key| key == name.as_str()));
    }
    for (name, value) in patch {
        if let Some(list) = name.strip_prefix("$deleteFromPrimitiveList/") {
            delete_members(merged.get_mut(list), value);
            continue;
        }
        if name.starts_with('$') {
            continue;
        }
        if value.is_null() {
            merged.shift_remove(name);
            continue;
        }
        let below = if root && name == "metadata" { builtin::object_meta() } else { field(schema, name) };
        let new = match (merged.get(name), value) {
            (Some(Value::Object(old)), Value::Object(patch)) => Value::Object(merge_objects(below, old, patch, false)?),
            (None, Value::Object(patch)) => Value::Object(merge_objects(below, &Map::new(), patch, false)?),
            (old, Value::Array(patch)) => merge_lists(below, old, patch)?,
            (old, value) => merge_patch(old.unwrap_or(&Value::Null), value.clone()),
        };
        merged.insert(name.clone(), new);
    }
    Ok(merged)
}

fn field<'a>(schema: &'a Value, name: &str) -> &'a Value {
    schema["properties"].get(name).unwrap_or(&schema["additionalProperties"])
}

fn without_directives(patch: &Map<String, Value>) -> Map<String, Value> {
    patch.iter().filter(|(name, _)| !name.starts_with('$')).map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn delete_members(list: Option<&mut Value>, gone: &Value) {
    let (Some(Value::Array(list)), Value::Array(gone)) = (list, gone) else { return };
    list.retain(|member| !gone.contains(member));
}

fn merge_lists(schema: &Value, old: Option<&Value>, patch: &[Value]) -> Result<Value, String> {
    let old = old.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let replaces = patch.iter().any(|item| item["$patch"] == "replace");
    if replaces {
        return Ok(patch.iter().filter(|item| item["$patch"] != "replace").cloned().collect());
    }
    match schema["x-kubernetes-list-type"].as_str() {
        Some("set") => {
            let mut merged = old.to_vec();
            merged.extend(patch.iter().filter(|member| !old.contains(member)).cloned());
            Ok(Value::Array(merged))
        }
        // The merge key is the first key of the list.
        Some("map") => match schema["x-kubernetes-list-map-keys"][0].as_str() {
            Some(key) => merge_items(&schema["items"], key, old, patch),
            None => Ok(patch.into()),
        },
        _ => Ok(patch.into()),
    }
}

fn merge_items(schema: &Value, key: &str, old: &[Value], patch: &[Value]) -> Result<Value, String> {
    let mut merged = old.to_vec();
    for item in patch {
        let Value::Object(fields) = item else { return Err(format!("{item} is not an object")) };
        let Some(wanted) = fields.get(key) else {
            return Err(format!("map: map[{}] does not contain declared merge key: {key}", fields.len()));
        };
        let position = merged.iter().position(|other| other[key] == *wanted);
        if fields.get("$patch").is_some_and(|directive| directive == "delete") {
            merged.retain(|other| other[key] != *wanted);
            continue;
        }
        match position.and_then(|position| merged.get_mut(position)) {
            Some(Value::Object(other)) => *other = merge_objects(schema, other, fields, false)?,
            _ => merged.push(Value::Object(merge_objects(schema, &Map::new(), fields, false)?)),
        }
    }
    Ok(Value::Array(merged))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn merged(target: Value, patch: Value) -> Value {
        let schema = builtin::schema_of("apps", "Deployment");
        strategic_merge(&schema, &target, &patch).expect("a merge")
    }

    fn containers(list: Value) -> Value {
        json!({"spec": {"template": {"spec": {"containers": list}}}})
    }

    #[test]
    fn lists_are_merged_by_key() {
        let target = containers(json!([{"name": "a", "image": "1"}, {"name": "b", "image": "1"}]));
        let patch = containers(json!([{"name": "a", "image": "2"}, {"name": "b", "$patch": "delete"}, {"name": "c"}]));
        assert_eq!(merged(target, patch), containers(json!([{"name": "a", "image": "2"}, {"name": "c"}])));
    }

    #[test]
    fn directives_replace_and_delete() {
        let target =
            json!({"metadata": {"labels": {"a": "1", "b": "2"}, "finalizers": ["x"]}, "spec": {"replicas": 1}});
        let patch = json!({"metadata": {"labels": {"$patch": "replace", "c": "3"}, "finalizers": ["y"]},
            "spec": {"$patch": "delete"}});
        let expected = json!({"metadata": {"labels": {"c": "3"}, "finalizers": ["x", "y"]}, "spec": {}});
        assert_eq!(merged(target, patch), expected);
    }
}
