//! Fields that a schema does not have: listing them, and pruning them.
//! Source: apiextensions-apiserver `pkg/apiserver/schema/pruning` and `…/objectmeta`.

use super::node::Node;
use super::object_meta;
use super::path::Path;
use serde_json::Value;

/// An unknown field, with whether it is one that this subset of a definition lacks.
pub(super) struct Found {
    pub(super) path: String,
    pub(super) name: String,
    pub(super) lacking: bool,
}

/// The unknown fields of an object: first those of its metadata, then the others by path.
pub(super) fn find(root: &Node, object: &Value) -> Vec<Found> {
    let (mut metadata, mut fields) = (Vec::new(), Vec::new());
    let Some(map) = object.as_object() else {
        return Vec::new();
    };
    find_in_metadata(map.get("metadata"), &Path::Root, &mut metadata);
    for (name, value) in map.iter().filter(|(name, _)| !is_type_or_meta(name)) {
        find_in_member(root, name, value, &Path::Root, &mut fields);
    }
    metadata.sort_by(|a, b| a.path.cmp(&b.path));
    fields.sort_by(|a, b| a.path.cmp(&b.path));
    metadata.append(&mut fields);
    metadata
}

fn find_in(node: Option<&Node>, value: &Value, path: &Path<'_>, found: &mut Vec<Found>) {
    match value {
        Value::Object(map) => {
            let Some(node) = node else {
                found.extend(map.keys().map(|name| unknown(path, name, false)));
                return;
            };
            if node.embedded {
                find_in_metadata(map.get("metadata"), path, found);
            }
            for (name, value) in map {
                if !(node.embedded && is_type_or_meta(name)) {
                    find_in_member(node, name, value, path, found);
                }
            }
        }
        Value::Array(list) => {
            if node.is_some_and(|node| node.preserve_unknown && node.items.is_none()) {
                return;
            }
            for (index, item) in list.iter().enumerate() {
                find_in(node.and_then(|node| node.items.as_deref()), item, &path.index(index), found);
            }
        }
        _ => {}
    }
}

fn find_in_member(node: &Node, name: &str, value: &Value, path: &Path<'_>, found: &mut Vec<Found>) {
    if let Some(child) = node.properties.get(name).or(node.additional.as_deref()) {
        find_in(Some(child), value, &path.field(name), found);
        return;
    }
    let lacking = node.lacks.iter().any(|lacked| lacked == name);
    if lacking || !node.preserve_unknown {
        found.push(unknown(path, name, lacking));
    }
}

fn find_in_metadata(metadata: Option<&Value>, parent: &Path<'_>, found: &mut Vec<Found>) {
    let path = parent.field("metadata");
    for (name, value) in metadata.and_then(Value::as_object).into_iter().flatten() {
        if !object_meta::knows(name) {
            found.push(unknown(&path, name, false));
        }
        let Some(fields) = object_meta::element_fields(name) else { continue };
        let list = path.field(name);
        for (index, element) in value.as_array().into_iter().flatten().enumerate() {
            let strange = element.as_object().into_iter().flatten().filter(|(key, _)| !fields.contains(&key.as_str()));
            found.extend(strange.map(|(key, _)| unknown(&list.index(index), key, false)));
        }
    }
}

fn unknown(path: &Path<'_>, name: &str, lacking: bool) -> Found {
    Found { path: path.field(name).to_string(), name: name.to_owned(), lacking }
}

fn is_type_or_meta(name: &str) -> bool {
    matches!(name, "apiVersion" | "kind" | "metadata")
}

/// Takes unknown fields away from an object.
pub(super) fn prune(root: &Node, object: &mut Value) {
    prune_members(root, object, true);
}

fn prune_in(node: Option<&Node>, value: &mut Value) {
    match (value, node) {
        (Value::Object(map), None) => map.clear(),
        (value @ Value::Object(_), Some(node)) => prune_members(node, value, node.embedded),
        (Value::Array(list), node) => {
            if node.is_some_and(|node| node.preserve_unknown && node.items.is_none()) {
                return;
            }
            for item in list {
                prune_in(node.and_then(|node| node.items.as_deref()), item);
            }
        }
        _ => {}
    }
}

fn prune_members(node: &Node, object: &mut Value, is_resource: bool) {
    let Some(map) = object.as_object_mut() else { return };
    let metadata = if is_resource { map.get_mut("metadata").and_then(Value::as_object_mut) } else { None };
    if let Some(metadata) = metadata {
        metadata.retain(|name, _| object_meta::knows(name));
    }
    let own = |name: &str| is_resource && is_type_or_meta(name);
    map.retain(|name, _| {
        own(name) || node.preserve_unknown || node.additional.is_some() || node.properties.contains_key(name)
    });
    for (name, value) in map.iter_mut().filter(|(name, _)| !own(name)) {
        if let Some(child) = node.properties.get(name).or(node.additional.as_deref()) {
            prune_in(Some(child), value);
        }
    }
}
