//! What every write has in common: ownership, validation, no-op detection, storing.

use super::call::Call;
use super::fields::{Managed, Shape, update};
use super::kind::Kind;
use super::refusal::{Answer, Refusal};
use super::store::ObjectKey;
use super::world::{World, now};
use super::{builtin, definition, garbage, names};
use serde_json::{Value, json};
use std::sync::Arc;

/// Records that the caller owns what it changed.
pub(super) fn record_owner(call: &Call, old: &Value, new: &mut Value) -> Answer<()> {
    let shape = Shape::Root(call.version()?.schema.raw());
    let given = &new["metadata"]["managedFields"];
    // An empty list, or one empty entry, asks to forget all owners.
    let reset = given.as_array().is_some_and(|entries| entries.iter().all(|entry| *entry == json!({})));
    let managed = if reset {
        new["metadata"]["managedFields"] = Value::Null;
        Managed::default()
    } else if given.is_array() {
        Managed::of(new)
    } else {
        Managed::of(old)
    };
    if reset {
        Managed::default().write(new);
        return Ok(());
    }
    let (old, plain) = (without_owners(old), without_owners(new));
    update(shape, &old, &plain, managed, &call.owner(false), &now()).write(new);
    Ok(())
}

/// The object without `managedFields`.
pub(super) fn without_owners(object: &Value) -> Value {
    let mut object = object.clone();
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.shift_remove("managedFields");
    }
    object
}

/// Refuses an object that breaks rules.
pub(super) fn validate(call: &Call, object: &Value, old: Option<&Value>) -> Answer<()> {
    let kind = &call.target.kind;
    let mut errors = names::problems(kind, object);
    if kind.custom && !call.lenient {
        let schema = call.version()?.schema.compiled();
        errors.extend(schema.map(|schema| schema.validate(object, old)).unwrap_or_default());
    } else if kind.is("apiextensions.k8s.io", "customresourcedefinitions") {
        errors.extend(definition::problems(object));
    }
    if errors.is_empty() {
        return Ok(());
    }
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    Err(Refusal::invalid(&kind.group, &kind.kind, name, &errors))
}

/// Whether two states differ in nothing but the times of their owners.
pub(super) fn same(old: &Value, new: &Value) -> bool {
    let timeless = |object: &Value| {
        let mut object = object.clone();
        let entries = object.pointer_mut("/metadata/managedFields").and_then(Value::as_array_mut);
        for entry in entries.into_iter().flatten().filter_map(Value::as_object_mut) {
            entry.shift_remove("time");
        }
        object
    };
    timeless(old) == timeless(new)
}

/// Whether objects of the kind count their generations.
pub(super) fn counts_generations(kind: &Kind) -> bool {
    kind.custom || builtin::keeps_generation(&kind.group, &kind.kind)
}

/// Stores a new or changed object; what is no change is not stored, what is only tried neither.
pub(super) fn commit(world: &mut World, call: &Call, old: Option<&Arc<Value>>, mut new: Value) -> Answer<Arc<Value>> {
    if let Some(old) = old
        && same(old, &new)
    {
        return Ok(Arc::clone(old));
    }
    if call.dry_run()? {
        return Ok(Arc::new(new));
    }
    let kind = Arc::clone(&call.target.kind);
    let text = |field: &str| new["metadata"][field].as_str().unwrap_or_default().to_owned();
    let key: ObjectKey = (text("namespace"), text("name"));
    let doomed = !new["metadata"]["deletionTimestamp"].is_null() && new["metadata"]["finalizers"].is_null();
    if doomed && !kind.is("", "namespaces") {
        let last = Arc::new(new);
        garbage::take_away(world, &kind, &key.0, &key.1);
        return Ok(last);
    }
    if kind.is("apiextensions.k8s.io", "customresourcedefinitions") {
        if !definition::is_established(&new) || old.is_none() {
            new["status"] = definition::status_of(&new, &world.registry, &now());
        } else {
            new["status"]["acceptedNames"] = new["spec"]["names"].clone();
        }
    }
    let stored = world.store.put(&kind.id(), key, new);
    if kind.is("apiextensions.k8s.io", "customresourcedefinitions") && definition::is_established(&stored) {
        world.registry.register(definition::kind_of(&stored));
    }
    Ok(stored)
}
