//! PATCH with an apply configuration: server-side apply.

use super::create::{place, prepare};
use super::last_applied;
use super::update::replace;
use crate::embedded::body;
use crate::embedded::builtin;
use crate::embedded::call::{Call, Reply};
use crate::embedded::decode::{self, Decoded};
use crate::embedded::fields::{self, Managed, Shape};
use crate::embedded::query::{FieldValidation, invalid_option};
use crate::embedded::refusal::{Answer, Refusal};
use crate::embedded::schema::FieldErrorKind;
use crate::embedded::world::{World, now};
use crate::embedded::write::{commit, without_owners};
use serde_json::{Value, json};

/// The manager that `kubectl apply` is, by which the API server treats objects of client-side apply kindly.
const KUBECTL: &str = "kubectl";

/// Applies the configuration of the body; creates the object where there is none.
pub(in crate::embedded) fn apply(world: &mut World, call: &Call) -> Answer<Reply> {
    if call.query.get("fieldManager").is_none() {
        let detail = "Required value: is required for apply patch";
        return Err(invalid_option("PatchOptions", "fieldManager", FieldErrorKind::Required, detail));
    }
    let Decoded { value: mut config, duplicates } = decode::yaml(&call.body)?;
    check_config(call, &mut config)?;
    let warnings = check_fields(call, &config, &duplicates)?;
    place(call, &mut config)?;
    let kind = &call.target.kind;
    let live = world.store.get(&kind.id(), &call.target.namespace, call.target.name()).cloned();
    let shape = Shape::Root(call.version()?.schema.raw());
    let empty = json!({});
    let before = live.as_deref().unwrap_or(&empty);
    let mut plain = without_owners(before);
    if live.is_some() {
        plain["apiVersion"] = call.target.api_version().into();
    }
    let owner = call.owner(true);
    let force = call.query.flag("force");
    let config = through_door(call, config)?;
    let attempt = |force: bool| fields::apply(shape, &plain, &config, Managed::of(before), &owner, force, &now());
    let applied = match attempt(force) {
        Err(conflicts) if owner.manager == KUBECTL && last_applied::covers(shape, before, &conflicts) => attempt(true),
        other => other,
    };
    let applied = applied.map_err(|conflicts| Refusal::apply_conflict(&conflicts))?;
    let mut object = applied.object;
    drop_nulls(&mut object);
    if owner.manager == KUBECTL {
        last_applied::renew(&mut object, &config);
    }
    let version = call.version()?;
    if let Ok(schema) = version.schema.compiled() {
        schema.apply_defaults(&mut object);
    }
    let Some(live) = live else {
        let mut object = prepare_new(world, call, object)?;
        applied.managed.write(&mut object);
        let stored = commit(world, call, None, object)?;
        return Ok(Reply { created: true, object: stored, warnings });
    };
    applied.managed.write(&mut object);
    let stored = replace(world, call, &live, object, true)?;
    Ok(Reply { created: false, object: stored, warnings })
}

fn prepare_new(world: &mut World, call: &Call, mut object: Value) -> Answer<Value> {
    let kind = &call.target.kind;
    let (group, plural, name) = (&kind.group, &kind.plural, call.target.name());
    if let Some(uid) = object["metadata"]["uid"].as_str() {
        let why = format!("uid mismatch: the provided object specified uid {uid}, and no existing object was found");
        return Err(Refusal::conflict(group, plural, name, &why));
    }
    if call.target.subresource.is_some() {
        return Err(Refusal::not_found(group, plural, name));
    }
    builtin::default_object(group, &kind.kind, &mut object);
    prepare(world, call, object, true)
}

fn check_config(call: &Call, config: &mut Value) -> Answer<()> {
    if !config.is_object() {
        return Err(Refusal::bad_request("error decoding YAML: the apply configuration is not an object"));
    }
    let text = |field: &str| config[field].as_str().unwrap_or_default().to_owned();
    let (version, kind) = (text("apiVersion"), text("kind"));
    if version.is_empty() || kind.is_empty() {
        return Err(Refusal::bad_request(
            format!("invalid object type: {version}, Kind={kind}").replace(": ,", ": /,"),
        ));
    }
    if config["metadata"].get("managedFields").is_some_and(|owners| !owners.is_null()) {
        return Err(Refusal::bad_request("metadata.managedFields must be nil"));
    }
    body::settle_type(call, config)?;
    let url = call.target.name();
    match config["metadata"]["name"].as_str().unwrap_or_default() {
        "" => {
            let why = format!("the name of the object ({url} based on URL) was undeterminable: name must be provided");
            Err(Refusal::bad_request(why))
        }
        name if name != url => Err(Refusal::bad_request(format!(
            "the name of the object ({name}) does not match the name on the URL ({url})"
        ))),
        _ => Ok(()),
    }
}

/// An applied configuration must fit the schema, whatever `fieldValidation` says.
fn check_fields(call: &Call, config: &Value, duplicates: &[String]) -> Answer<Vec<String>> {
    let version = call.version()?;
    if let Ok(schema) = version.schema.compiled()
        && let Some(reason) = schema.unknown_fields(config).into_iter().find_map(|unknown| unknown.lacking)
    {
        return Err(Refusal::bad_request(reason));
    }
    let warnings: Vec<String> = duplicates.iter().map(|path| format!("duplicate field \"{path}\"")).collect();
    if call.field_validation()? == FieldValidation::Strict && !warnings.is_empty() {
        return Err(Refusal::bad_request(format!("error strict decoding YAML: {}", warnings.join(", "))));
    }
    let errors = fields::check(Shape::Root(version.schema.raw()), config);
    if errors.is_empty() {
        return Ok(warnings);
    }
    let listed = match errors.as_slice() {
        [one] => one.clone(),
        many => format!("errors:\n{}", many.iter().map(|error| format!("  {error}\n")).collect::<String>()),
    };
    let target = &call.target;
    let namespace = config["metadata"]["namespace"].as_str().unwrap_or_default();
    Err(Refusal::internal(format!(
        "failed to create typed patch object ({}/{}; {}, Kind={}): {listed}",
        namespace,
        target.name(),
        if target.kind.group.is_empty() { format!("/{}", target.version) } else { target.api_version() },
        target.kind.kind,
    )))
}

/// What the door does not let through is not applied and not owned.
fn through_door(call: &Call, mut config: Value) -> Answer<Value> {
    if !call.version()?.status {
        return Ok(config);
    }
    if let Value::Object(fields) = &mut config {
        if call.target.is_status() {
            fields.retain(|name, _| matches!(name.as_str(), "apiVersion" | "kind" | "metadata" | "status"));
            if let Some(Value::Object(metadata)) = fields.get_mut("metadata") {
                metadata.retain(|name, _| matches!(name.as_str(), "name" | "namespace" | "uid" | "resourceVersion"));
            }
        } else {
            fields.shift_remove("status");
        }
    }
    Ok(config)
}

/// A field that was applied as null is a field that is not there.
fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, below| !below.is_null());
            fields.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}
