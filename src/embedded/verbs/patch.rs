//! PATCH with a JSON, merge or strategic merge patch.

use super::update::replace;
use crate::embedded::body::{fit, settle_type};
use crate::embedded::call::{Call, Reply};
use crate::embedded::decode::{self, Decoded};
use crate::embedded::patch::{merge_patch, strategic_merge};
use crate::embedded::refusal::{Answer, Refusal};
use crate::embedded::schema::FieldErrorKind;
use crate::embedded::world::World;
use crate::embedded::write::without_owners;
use serde_json::Value;

/// Changes the object as the body says.
pub(in crate::embedded) fn patch(world: &mut World, call: &Call) -> Answer<Reply> {
    let media = call.content_type.split(';').next().unwrap_or_default().trim().to_owned();
    if media == "application/apply-patch+yaml" {
        return super::apply(world, call);
    }
    let kind = &call.target.kind;
    let strategic = media == "application/strategic-merge-patch+json";
    let known = strategic || matches!(media.as_str(), "application/json-patch+json" | "application/merge-patch+json");
    if !known || (strategic && kind.custom) {
        return Err(Refusal::unsupported_media_type(unsupported(kind.custom)));
    }
    let old = world.get(kind, &call.target.namespace, call.target.name())?;
    let mut current = Value::clone(&old);
    current["apiVersion"] = call.target.api_version().into();
    let Decoded { value: patch, duplicates } = read(&call.body)?;
    let as_map = if strategic { go_map(&patch) } else { String::new() };
    let mut new = match media.as_str() {
        "application/json-patch+json" => json_patch(&current, patch)?,
        "application/merge-patch+json" => merge_patch(&current, object(patch)?),
        _ => strategic_merge(call.version()?.schema.raw(), &current, &object(patch)?).map_err(Refusal::bad_request)?,
    };
    settle_type(call, &mut new)?;
    let name = new["metadata"]["name"].as_str().unwrap_or_default();
    if name != call.target.name() {
        return Err(Refusal::bad_request(format!(
            "the name of the object ({name}) does not match the name on the URL ({})",
            call.target.name()
        )));
    }
    let shown = if strategic { as_map } else { decode::sorted(&new).to_string() };
    let unchanged_owners = new["metadata"]["managedFields"] == old["metadata"]["managedFields"];
    if unchanged_owners {
        new = without_owners(&new);
    }
    let fitted = fit(call, Decoded { value: new, duplicates });
    let (new, warnings) = fitted.map_err(|refusal| unfit(refusal, &kind.kind, &shown))?;
    let stored = replace(world, call, &old, new, false)?;
    Ok(Reply { created: false, object: stored, warnings })
}

/// A patched object that does not decode is the patch's fault.
fn unfit(refusal: Refusal, kind: &str, patch: &str) -> Refusal {
    let marker = format!("cannot be handled as a {kind}: ");
    let Some((_, why)) = refusal.message.split_once(&marker) else { return refusal };
    let detail = format!("Invalid value: {}: {why}", Value::from(patch));
    Refusal::invalid_field("", "", "", "patch", FieldErrorKind::Invalid, &detail)
}

/// A value as Go's `%v` prints it: `map[a:1 b:[x y]]`.
fn go_map(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("[{}]", items.iter().map(go_map).collect::<Vec<_>>().join(" ")),
        Value::Object(fields) => {
            let mut pairs: Vec<String> = fields.iter().map(|(key, below)| format!("{key}:{}", go_map(below))).collect();
            pairs.sort();
            format!("map[{}]", pairs.join(" "))
        }
        other => other.to_string(),
    }
}

fn unsupported(custom: bool) -> String {
    let strategic = if custom { "" } else { "application/strategic-merge-patch+json, " };
    format!(
        "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, {strategic}application/apply-patch+yaml"
    )
}

fn read(body: &[u8]) -> Answer<Decoded> {
    decode::json(body).map_err(|error| Refusal::bad_request(format!("error decoding patch: {error}")))
}

fn object(patch: Value) -> Answer<Value> {
    if patch.is_object() {
        return Ok(patch);
    }
    let found = super::super::body::type_name(&patch);
    let why =
        format!("error decoding patch: json: cannot unmarshal {found} into Go value of type map[string]interface {{}}");
    Err(Refusal::bad_request(why))
}

fn json_patch(current: &Value, patch: Value) -> Answer<Value> {
    if !patch.is_array() {
        let found = super::super::body::type_name(&patch);
        let why = format!(
            "error decoding patch: json: cannot unmarshal {found} into Go value of type []handlers.jsonPatchOp"
        );
        return Err(Refusal::bad_request(why));
    }
    let patch: json_patch::Patch = serde_json::from_value(patch).map_err(|_| Refusal::unprocessable())?;
    let mut new = current.clone();
    json_patch::patch(&mut new, &patch).map_err(|_| Refusal::unprocessable())?;
    Ok(new)
}
