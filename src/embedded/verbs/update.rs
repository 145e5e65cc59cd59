//! PUT, and what every change of an object has in common.

use crate::embedded::body;
use crate::embedded::builtin;
use crate::embedded::call::{Call, Reply};
use crate::embedded::refusal::{Answer, Refusal};
use crate::embedded::schema::FieldErrorKind;
use crate::embedded::world::World;
use crate::embedded::write::{commit, counts_generations, record_owner, validate};
use serde_json::{Map, Value};
use std::sync::Arc;

/// Metadata that only the API itself sets.
const KEPT: [&str; 6] =
    ["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "generation"];

/// Replaces the object with that of the body.
pub(in crate::embedded) fn update(world: &mut World, call: &Call) -> Answer<Reply> {
    let decoded = body::read(call)?;
    let (mut object, warnings) = body::fit(call, decoded)?;
    super::create::place(call, &mut object)?;
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    if name != call.target.name() {
        return Err(Refusal::bad_request(format!(
            "the name of the object ({name}) does not match the name on the URL ({})",
            call.target.name()
        )));
    }
    let kind = &call.target.kind;
    let old = world.get(kind, &call.target.namespace, call.target.name())?;
    let version = object["metadata"]["resourceVersion"].as_str().unwrap_or_default();
    if kind.custom && version.is_empty() {
        let detail = "Invalid value: 0: must be specified for an update";
        let (field, why) = ("metadata.resourceVersion", FieldErrorKind::Invalid);
        return Err(Refusal::invalid_field(&kind.group, &kind.plural, name, field, why, detail));
    }
    let stored = replace(world, call, &old, object, false)?;
    Ok(Reply { created: false, object: stored, warnings })
}

/// Turns the stored object into the wanted one, as far as the door allows: the object itself or its status.
pub(super) fn replace(
    world: &mut World,
    call: &Call,
    old: &Arc<Value>,
    wanted: Value,
    applied: bool,
) -> Answer<Arc<Value>> {
    check_identity(call, old, &wanted)?;
    let mut new = through_door(call, old, wanted)?;
    keep_metadata(old, &mut new);
    builtin::default_object(&call.target.kind.group, &call.target.kind.kind, &mut new);
    keep_allocated(call, old, &mut new);
    if !applied {
        record_owner(call, old, &mut new)?;
    }
    count_generation(call, old, &mut new)?;
    validate(call, &new, Some(old))?;
    check_immutable(call, old, &new)?;
    commit(world, call, Some(old), new)
}

fn check_identity(call: &Call, old: &Value, new: &Value) -> Answer<()> {
    let kind = &call.target.kind;
    let (group, plural, name) = (&kind.group, &kind.plural, call.target.name());
    let text = |object: &Value, field: &str| object["metadata"][field].as_str().unwrap_or_default().to_owned();
    let (uid, given) = (text(old, "uid"), text(new, "uid"));
    if !given.is_empty() && given != uid {
        let namespace = &call.target.namespace;
        let key = [plural.as_str(), namespace, name].into_iter().filter(|part| !part.is_empty());
        let key = key.collect::<Vec<_>>().join("/");
        let why = format!(
            "StorageError: invalid object, Code: 4, Key: /registry/{key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: {given}, UID in object meta: {uid}"
        );
        return Err(Refusal::conflict(group, plural, name, &why));
    }
    let given = text(new, "resourceVersion");
    if !given.is_empty() && given != "0" && given != text(old, "resourceVersion") {
        return Err(Refusal::stale(group, plural, name));
    }
    Ok(())
}

/// Status changes only through the status door, everything else only through the main one.
fn through_door(call: &Call, old: &Value, wanted: Value) -> Answer<Value> {
    if !call.version()?.status {
        return Ok(wanted);
    }
    let mut new = if call.target.is_status() { old.clone() } else { wanted.clone() };
    let status = if call.target.is_status() { wanted.get("status") } else { old.get("status") };
    if let Value::Object(fields) = &mut new {
        match status {
            Some(status) => {
                fields.insert("status".to_owned(), status.clone());
            }
            None => {
                fields.shift_remove("status");
            }
        }
    }
    if call.target.is_status()
        && let Some(owners) = wanted["metadata"].get("managedFields")
    {
        new["metadata"]["managedFields"] = owners.clone();
    }
    Ok(new)
}

fn keep_metadata(old: &Value, new: &mut Value) {
    let empty = Map::new();
    let before = old["metadata"].as_object().unwrap_or(&empty);
    let Some(metadata) = new["metadata"].as_object_mut() else { return };
    for name in KEPT {
        match before.get(name) {
            Some(value) => metadata.insert(name.to_owned(), value.clone()),
            None => metadata.shift_remove(name),
        };
    }
    if let Some(version) = before.get("resourceVersion") {
        metadata.insert("resourceVersion".to_owned(), version.clone());
    }
    metadata.retain(|_, value| {
        !value.is_null()
            && value.as_object().is_none_or(|map| !map.is_empty())
            && value.as_array().is_none_or(|list| !list.is_empty())
    });
}

/// What the API allocated stays where an update does not speak of it.
fn keep_allocated(call: &Call, old: &Value, new: &mut Value) {
    let kind = &call.target.kind;
    if kind.is("", "services") {
        for field in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] {
            if new["spec"].is_object() && new["spec"][field].is_null() && !old["spec"][field].is_null() {
                new["spec"][field] = old["spec"][field].clone();
            }
        }
    }
    if kind.is("", "namespaces") && new["spec"]["finalizers"].is_null() && !old["spec"].is_null() {
        new["spec"] = old["spec"].clone();
    }
}

/// A generation counts the changes of everything but metadata and status.
fn count_generation(call: &Call, old: &Value, new: &mut Value) -> Answer<()> {
    if !counts_generations(&call.target.kind) {
        return Ok(());
    }
    let has_status = call.version()?.status;
    let content = |object: &Value| {
        let fields = object.as_object().cloned().unwrap_or_default();
        let counted = fields.into_iter().filter(|(name, _)| {
            let elsewhere = has_status && name == "status";
            !elsewhere && !matches!(name.as_str(), "metadata" | "apiVersion" | "kind")
        });
        counted.collect::<Map<_, _>>()
    };
    if content(old) != content(new) {
        let generation = old["metadata"]["generation"].as_i64().unwrap_or(0);
        new["metadata"]["generation"] = (generation + 1).into();
    }
    Ok(())
}

fn check_immutable(call: &Call, old: &Value, new: &Value) -> Answer<()> {
    let kind = &call.target.kind;
    let refuse = |field: &str, detail: &str| {
        let (name, why) = (call.target.name(), FieldErrorKind::Forbidden);
        Err(Refusal::invalid_field(&kind.group, &kind.kind, name, field, why, detail))
    };
    let data = kind.is("", "configmaps") || kind.is("", "secrets");
    if data && old["immutable"] == true {
        for field in ["immutable", "data", "binaryData"] {
            if old[field] != new[field] {
                return refuse(field, "Forbidden: field is immutable when `immutable` is set");
            }
        }
    }
    if kind.is("", "secrets") && old["type"] != new["type"] {
        let (field, why) = ("type", FieldErrorKind::Invalid);
        let detail = format!("Invalid value: {}: field is immutable", new["type"]);
        return Err(Refusal::invalid_field(&kind.group, &kind.kind, call.target.name(), field, why, &detail));
    }
    Ok(())
}
