//! What goes when something else goes: dependents, the content of a namespace, the objects of a kind.

use super::kind::{Kind, KindId};
use super::world::{World, now};
use serde_json::{Value, json};
use std::sync::Arc;

/// What happens to objects that are owned by a deleted one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Propagation {
    /// They are deleted too; Foreground differs only in the order, which nobody can see here.
    Delete,
    /// They stay.
    Orphan,
}

/// Deletes an object: at once, or when its finalizers are done. Returns its last state.
pub(super) fn delete(
    world: &mut World,
    kind: &Kind,
    namespace: &str,
    name: &str,
    propagation: Propagation,
) -> Option<Arc<Value>> {
    let object = Arc::clone(world.store.get(&kind.id(), namespace, name)?);
    if propagation == Propagation::Orphan {
        orphan_dependents(world, &object);
    }
    if kind.is("", "namespaces") {
        return end_namespace(world, kind, name, &object);
    }
    if kind.is("apiextensions.k8s.io", "customresourcedefinitions") {
        return end_definition(world, kind, name, &object);
    }
    if object["metadata"]["finalizers"].is_array() {
        return Some(mark(world, &kind.id(), namespace, name, &object));
    }
    take_away(world, kind, namespace, name);
    Some(object)
}

/// Sets `deletionTimestamp`, once.
fn mark(world: &mut World, id: &KindId, namespace: &str, name: &str, object: &Arc<Value>) -> Arc<Value> {
    if !object["metadata"]["deletionTimestamp"].is_null() {
        return Arc::clone(object);
    }
    let mut marked = Value::clone(object);
    marked["metadata"]["deletionTimestamp"] = now().into();
    marked["metadata"]["deletionGracePeriodSeconds"] = 0.into();
    if let Some(generation) = marked["metadata"]["generation"].as_i64() {
        marked["metadata"]["generation"] = (generation + 1).into();
    }
    if *id == (String::new(), "namespaces".to_owned()) {
        marked["status"] = json!({"phase": "Terminating"});
    }
    world.store.put(id, (namespace.to_owned(), name.to_owned()), marked)
}

/// Takes an object out of the store, and what must go with it. A loop, as chains of owners can be long.
pub(super) fn take_away(world: &mut World, kind: &Kind, namespace: &str, name: &str) {
    let mut doomed = vec![(kind.id(), namespace.to_owned(), name.to_owned())];
    while let Some((id, namespace, name)) = doomed.pop() {
        let Some(gone) = world.store.remove(&id, &namespace, &name) else { continue };
        if let Some(uid) = gone["metadata"]["uid"].as_str() {
            for dependent in dependents(world, uid) {
                doomed.extend(doom(world, dependent));
            }
        }
        finish_namespace(world, &namespace);
        finish_definition(world, &id);
    }
}

type Address = (KindId, String, String);

/// Objects that lost their last owner.
fn dependents(world: &World, gone: &str) -> Vec<Address> {
    world
        .store
        .everything()
        .filter(|(_, _, object)| {
            let owners = object["metadata"]["ownerReferences"].as_array().map(Vec::as_slice).unwrap_or_default();
            owners.iter().any(|owner| owner["uid"] == gone) && !owners.iter().any(|owner| is_there(world, owner))
        })
        .map(|(kind, key, _)| (kind.clone(), key.0.clone(), key.1.clone()))
        .collect()
}

/// Marks an object that has finalizers, or gives it back to be taken away.
fn doom(world: &mut World, (id, namespace, name): Address) -> Option<Address> {
    let kind = world.registry.get(&id).cloned()?;
    let object = Arc::clone(world.store.get(&id, &namespace, &name)?);
    let has_content = kind.is("", "namespaces") || kind.is("apiextensions.k8s.io", "customresourcedefinitions");
    if has_content {
        delete(world, &kind, &namespace, &name, Propagation::Delete);
        return None;
    }
    if object["metadata"]["finalizers"].is_array() {
        mark(world, &id, &namespace, &name, &object);
        return None;
    }
    Some((id, namespace, name))
}

fn is_there(world: &World, owner: &Value) -> bool {
    world.store.everything().any(|(_, _, object)| object["metadata"]["uid"] == owner["uid"])
}

fn orphan_dependents(world: &mut World, owner: &Value) {
    let uid = &owner["metadata"]["uid"];
    let owned = |object: &Value| {
        let owners = object["metadata"]["ownerReferences"].as_array();
        owners.is_some_and(|owners| owners.iter().any(|owner| owner["uid"] == *uid))
    };
    let dependents: Vec<_> = world
        .store
        .everything()
        .filter(|(_, _, object)| owned(object))
        .map(|(kind, key, object)| (kind.clone(), key.clone(), Value::clone(object)))
        .collect();
    for (kind, key, mut object) in dependents {
        if let Some(owners) = object.pointer_mut("/metadata/ownerReferences").and_then(Value::as_array_mut) {
            owners.retain(|owner| owner["uid"] != *uid);
        }
        world.store.put(&kind, key, object);
    }
}

fn end_namespace(world: &mut World, kind: &Kind, name: &str, object: &Arc<Value>) -> Option<Arc<Value>> {
    let marked = mark(world, &kind.id(), "", name, object);
    for (id, content) in world.store.in_namespace(name) {
        if let Some(kind) = world.registry.get(&id).cloned() {
            delete(world, &kind, name, &content, Propagation::Delete);
        }
    }
    finish_namespace(world, name);
    Some(marked)
}

/// Takes a terminating namespace away when nothing is left in it.
fn finish_namespace(world: &mut World, name: &str) {
    let id = (String::new(), "namespaces".to_owned());
    let terminating = world.namespace(name).is_some_and(|object| !object["metadata"]["deletionTimestamp"].is_null());
    if terminating && world.store.in_namespace(name).is_empty() {
        world.store.remove(&id, "", name);
    }
}

fn end_definition(world: &mut World, kind: &Kind, name: &str, object: &Arc<Value>) -> Option<Arc<Value>> {
    let marked = mark(world, &kind.id(), "", name, object);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let id = (text(&object["spec"]["group"]), text(&object["spec"]["names"]["plural"]));
    if let Some(defined) = world.registry.get(&id).cloned().filter(|defined| defined.custom) {
        let objects: Vec<_> = world.store.list(&id, None).map(|(key, _)| key.clone()).collect();
        for (namespace, name) in objects {
            delete(world, &defined, &namespace, &name, Propagation::Delete);
        }
    }
    finish_definition(world, &id);
    Some(marked)
}

/// Takes a terminating definition away when no object of its kind is left.
fn finish_definition(world: &mut World, defined: &KindId) {
    let id = ("apiextensions.k8s.io".to_owned(), "customresourcedefinitions".to_owned());
    let name = format!("{}.{}", defined.1, defined.0);
    let definition = world.store.get(&id, "", &name);
    let terminating = definition.is_some_and(|object| !object["metadata"]["deletionTimestamp"].is_null());
    if terminating && world.store.list(defined, None).next().is_none() {
        world.store.remove(&id, "", &name);
        world.registry.unregister(defined);
        world.store.forget_kind(defined);
    }
}
