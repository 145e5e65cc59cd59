//! POST: a new object.

use super::review;
use crate::embedded::body;
use crate::embedded::builtin;
use crate::embedded::call::{Call, Reply};
use crate::embedded::refusal::{Answer, Refusal};
use crate::embedded::schema::FieldErrorKind;
use crate::embedded::world::{World, new_uid, now};
use crate::embedded::write::{commit, counts_generations, record_owner, validate};
use rand::RngExt as _;
use serde_json::{Value, json};

/// The letters of generated names: no vowels, so no words.
/// Source: kubernetes/apimachinery `pkg/util/rand/rand.go`.
const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
/// Length of the generated part of a name.
const GENERATED: usize = 5;
/// A generated name is at most this long in all.
const LONGEST_GENERATED: usize = 63;

/// Creates the object of the body.
pub(in crate::embedded) fn create(world: &mut World, call: &Call) -> Answer<Reply> {
    let decoded = body::read(call)?;
    if call.version()?.review {
        return review::answer(decoded.value);
    }
    let (mut object, warnings) = body::fit(call, decoded)?;
    place(call, &mut object)?;
    generate_name(&mut object);
    let object = prepare(world, call, object, false)?;
    let stored = commit(world, call, None, object)?;
    Ok(Reply { created: true, object: stored, warnings })
}

/// Puts the object into the namespace of the path.
pub(super) fn place(call: &Call, object: &mut Value) -> Answer<()> {
    let given = object["metadata"]["namespace"].as_str().unwrap_or_default();
    if !call.target.kind.namespaced {
        if let Some(metadata) = object["metadata"].as_object_mut() {
            metadata.shift_remove("namespace");
        }
        return Ok(());
    }
    if !given.is_empty() && given != call.target.namespace {
        let why = "the namespace of the provided object does not match the namespace sent on the request";
        return Err(Refusal::bad_request(why));
    }
    object["metadata"]["namespace"] = call.target.namespace.clone().into();
    Ok(())
}

fn generate_name(object: &mut Value) {
    let metadata = &object["metadata"];
    if !metadata["name"].as_str().unwrap_or_default().is_empty() {
        return;
    }
    let Some(prefix) = metadata["generateName"].as_str().filter(|prefix| !prefix.is_empty()) else { return };
    let mut rng = rand::rng();
    let mut name: String = prefix.chars().take(LONGEST_GENERATED - GENERATED).collect();
    name.extend((0..GENERATED).map(|_| char::from(LETTERS[rng.random_range(0..LETTERS.len())])));
    object["metadata"]["name"] = name.into();
}

/// Everything between a decoded object and a stored one.
pub(super) fn prepare(world: &mut World, call: &Call, mut object: Value, applied: bool) -> Answer<Value> {
    let kind = &call.target.kind;
    check_namespace(world, call)?;
    if !object["metadata"]["resourceVersion"].is_null() {
        let message = "resourceVersion should not be set on objects to be created";
        return Err(Refusal::internal(message));
    }
    if object["metadata"]["name"].as_str().unwrap_or_default().is_empty() {
        let detail = "Required value: name or generateName is required";
        let why = FieldErrorKind::Required;
        return Err(Refusal::invalid_field(&kind.group, &kind.kind, "", "metadata.name", why, detail));
    }
    builtin::default_object(&kind.group, &kind.kind, &mut object);
    if let (true, Value::Object(fields)) = (call.version()?.status, &mut object) {
        fields.shift_remove("status");
    }
    if let Some(metadata) = object["metadata"].as_object_mut() {
        for kept_by_api in ["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"] {
            metadata.shift_remove(kept_by_api);
        }
        metadata.shift_remove("generation");
    }
    if !applied {
        record_owner(call, &blank(call), &mut object)?;
    }
    if let (true, Ok(schema)) = (kind.custom, call.version()?.schema.compiled()) {
        // Defaults of the status are back when the object is read, and nobody owns them.
        schema.apply_defaults(&mut object);
    }
    object["metadata"]["uid"] = new_uid().into();
    object["metadata"]["creationTimestamp"] = now().into();
    if counts_generations(kind) {
        object["metadata"]["generation"] = 1.into();
    }
    validate(call, &object, None)?;
    let (namespace, name) = (call.target.namespace.as_str(), object["metadata"]["name"].as_str().unwrap_or_default());
    if world.store.get(&kind.id(), namespace, name).is_some() {
        return Err(Refusal::already_exists(&kind.group, &kind.plural, name));
    }
    if kind.is("", "services") {
        world.services = world.services.wrapping_add(1);
    }
    builtin::allocate(&kind.group, &kind.kind, &mut object, world.services);
    Ok(object)
}

/// What a new object is compared with: structs of built-in kinds are there before anybody says so.
fn blank(call: &Call) -> Value {
    let properties = &call.target.schema_version().map_or(&Value::Null, |version| version.schema.raw())["properties"];
    if call.target.kind.custom || !properties["spec"].is_object() {
        return json!({});
    }
    match properties["spec"]["properties"].get("template") {
        Some(_) => json!({"spec": {"template": {"metadata": {}, "spec": {}}, "strategy": {}, "updateStrategy": {}}}),
        None => json!({"spec": {}}),
    }
}

/// A namespaced object needs a namespace that is there to stay.
fn check_namespace(world: &World, call: &Call) -> Answer<()> {
    if !call.target.kind.namespaced {
        return Ok(());
    }
    let name = &call.target.namespace;
    let Some(namespace) = world.namespace(name) else {
        return Err(Refusal::not_found("", "namespaces", name));
    };
    if namespace["metadata"]["deletionTimestamp"].is_null() {
        return Ok(());
    }
    let why = format!("unable to create new content in namespace {name} because it is being terminated");
    let kind = &call.target.kind;
    Err(Refusal::forbidden(&kind.group, &kind.plural, call.target.name(), &why))
}
