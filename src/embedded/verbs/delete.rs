//! DELETE of one object or of many.

use super::list::selected;
use crate::embedded::call::{Call, Reply};
use crate::embedded::garbage::{self, Propagation};
use crate::embedded::refusal::{Answer, Refusal};
use crate::embedded::world::World;
use crate::embedded::{decode, protobuf};
use serde_json::{Value, json};
use std::sync::Arc;

/// Namespaces that may not be deleted.
/// Source: kubernetes `plugin/pkg/admission/namespace/lifecycle`.
const IMMORTAL: [&str; 3] = ["default", "kube-system", "kube-public"];

struct Options {
    propagation: Propagation,
    uid: Option<String>,
    resource_version: Option<String>,
    dry_run: bool,
}

/// Deletes the object of the path.
pub(in crate::embedded) fn delete(world: &mut World, call: &Call) -> Answer<Reply> {
    let options = options(call)?;
    let kind = Arc::clone(&call.target.kind);
    let name = call.target.name();
    if kind.is("", "namespaces") && IMMORTAL.contains(&name) {
        return Err(Refusal::forbidden("", "namespaces", name, "this namespace may not be deleted"));
    }
    let object = world.get(&kind, &call.target.namespace, name)?;
    check_preconditions(call, &options, &object)?;
    if options.dry_run {
        return Ok(Reply::of(success(call, &object)));
    }
    let last = garbage::delete(world, &kind, &call.target.namespace, name, options.propagation);
    let still_there = world.store.get(&kind.id(), &call.target.namespace, name).cloned();
    // A namespace is answered with itself, as it is deleted in the background.
    if let Some(waiting) = still_there.or(last.filter(|_| kind.is("", "namespaces"))) {
        return Ok(Reply::of(waiting));
    }
    Ok(Reply::of(success(call, &object)))
}

/// Deletes all objects that the selectors choose, and answers with them.
pub(in crate::embedded) fn delete_collection(world: &mut World, call: &Call) -> Answer<Value> {
    let options = options(call)?;
    let kind = Arc::clone(&call.target.kind);
    let objects = selected(world, call)?;
    for object in objects.iter().filter(|_| !options.dry_run) {
        let text = |field: &str| object["metadata"][field].as_str().unwrap_or_default();
        garbage::delete(world, &kind, text("namespace"), text("name"), options.propagation);
    }
    let mut items: Vec<Value> = objects.iter().map(|object| Value::clone(object)).collect();
    for item in items.iter_mut().filter(|_| !kind.custom).filter_map(Value::as_object_mut) {
        // Items of typed lists do not repeat the type.
        item.shift_remove("apiVersion");
        item.shift_remove("kind");
    }
    Ok(json!({
        "kind": kind.list_kind,
        "apiVersion": call.target.api_version(),
        "metadata": {"resourceVersion": world.store.revision().to_string()},
        "items": items,
    }))
}

fn options(call: &Call) -> Answer<Options> {
    let body = if call.body.is_empty() {
        Value::Null
    } else if call.body.starts_with(protobuf::MAGIC) {
        protobuf::decode(&call.body).map_err(Refusal::bad_request)?
    } else {
        let decoded = decode::json(&call.body)
            .map_err(|error| Refusal::bad_request(format!("couldn't get version/kind; json parse error: {error}")))?;
        decoded.value
    };
    let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let policy = call.query.get("propagationPolicy").map(str::to_owned).or_else(|| text(&body["propagationPolicy"]));
    let propagation = match policy.as_deref() {
        Some("Orphan") => Propagation::Orphan,
        _ if body["orphanDependents"] == true => Propagation::Orphan,
        None | Some("Background" | "Foreground") => Propagation::Delete,
        Some(other) => {
            let detail = format!(
                "Unsupported value: \"{other}\": supported values: \"Background\", \"Foreground\", \"Orphan\", \"nil\""
            );
            let why = crate::embedded::schema::FieldErrorKind::NotSupported;
            let field = "propagationPolicy";
            return Err(Refusal::invalid_field("meta.k8s.io", "DeleteOptions", "", field, why, &detail));
        }
    };
    Ok(Options {
        propagation,
        uid: text(&body["preconditions"]["uid"]),
        resource_version: text(&body["preconditions"]["resourceVersion"]),
        dry_run: call.query.dry_run("DeleteOptions")? || body["dryRun"].get(0).is_some_and(|all| all == "All"),
    })
}

fn check_preconditions(call: &Call, options: &Options, object: &Value) -> Answer<()> {
    let kind = &call.target.kind;
    let record = |field: &str| object["metadata"][field].as_str().unwrap_or_default().to_owned();
    let (uid, version) = (record("uid"), record("resourceVersion"));
    if let Some(wanted) = options.uid.as_ref().filter(|wanted| **wanted != uid) {
        let why = format!(
            "the UID in the precondition ({wanted}) does not match the UID in record ({uid}). The object might have been deleted and then recreated"
        );
        return Err(Refusal::conflict(&kind.group, &kind.kind, call.target.name(), &why));
    }
    if let Some(wanted) = options.resource_version.as_ref().filter(|wanted| **wanted != version) {
        let why = format!(
            "the ResourceVersion in the precondition ({wanted}) does not match the ResourceVersion in record ({version}). The object might have been modified"
        );
        return Err(Refusal::conflict(&kind.group, &kind.kind, call.target.name(), &why));
    }
    Ok(())
}

fn success(call: &Call, object: &Value) -> Value {
    let kind = &call.target.kind;
    let mut details = json!({"name": call.target.name()});
    if !kind.group.is_empty() {
        details["group"] = kind.group.clone().into();
    }
    details["kind"] = kind.plural.clone().into();
    details["uid"] = object["metadata"]["uid"].clone();
    json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details})
}
