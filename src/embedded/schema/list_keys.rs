//! Duplicates in lists of type `set` and `map`. Source: apiextensions-apiserver `pkg/apiserver/schema/listtype`.

use super::field_error::{FieldError, FieldErrorKind};
use super::go_text;
use super::node::{ListType, Node};
use super::path::Path;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Reports each duplicated element once, at its second place; nothing where the stored object has duplicates already.
pub(super) fn check(root: &Node, object: &Value, stored: Option<&Value>, errors: &mut Vec<FieldError>) {
    let mut already = Vec::new();
    if let Some(stored) = stored {
        walk(root, stored, &Path::Root, &mut already);
    }
    if already.is_empty() {
        walk(root, object, &Path::Root, errors);
    }
}

fn walk(node: &Node, value: &Value, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    match value {
        Value::Array(list) => {
            if let Some(items) = node.items.as_deref() {
                for (index, item) in list.iter().enumerate() {
                    walk(items, item, &path.index(index), errors);
                }
            }
            check_list(node, list, path, errors);
        }
        Value::Object(map) => {
            for (name, member) in map {
                if let Some(child) = node.properties.get(name) {
                    walk(child, member, &path.field(name), errors);
                } else if let Some(child) = node.additional.as_deref() {
                    walk(child, member, &path.key(name), errors);
                }
            }
        }
        _ => {}
    }
}

fn check_list(node: &Node, list: &[Value], path: &Path<'_>, errors: &mut Vec<FieldError>) {
    let identities: Vec<Value> = match &node.list_type {
        ListType::Atomic => return,
        ListType::Set => list.to_vec(),
        ListType::Map(keys) => list.iter().filter(|item| item.is_object()).map(|item| identity(item, keys)).collect(),
    };
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (index, identity) in identities.iter().enumerate() {
        let shown = go_text::shown(identity);
        let detail = format!("Duplicate value: {shown}");
        let times = seen.entry(shown).or_default();
        *times += 1;
        if *times == 2 {
            errors.push(FieldError { kind: FieldErrorKind::Duplicate, field: path.index(index).of_error(), detail });
        }
    }
}

fn identity(item: &Value, keys: &[String]) -> Value {
    let present = keys.iter().filter_map(|key| Some((key.clone(), item.get(key)?.clone())));
    Value::Object(present.collect::<Map<_, _>>())
}
