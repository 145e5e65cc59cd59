//! Objects in request bodies: decoded, told apart, freed of what the schema does not have.

use super::call::Call;
use super::decode::{self, Decoded};
use super::query::FieldValidation;
use super::refusal::{Answer, Refusal};
use super::schema::FieldErrorKind;
use super::{builtin, protobuf};
use serde_json::{Map, Value, json};

/// Reads the object of a POST or PUT.
pub(super) fn read(call: &Call) -> Answer<Decoded> {
    let kind = &call.target.kind;
    let media = call.content_type.split(';').next().unwrap_or_default().trim();
    let mut decoded = match media {
        "application/yaml" => decode::yaml(&call.body)?,
        "application/vnd.kubernetes.protobuf" if kind.custom => return Err(unknown_format()),
        "application/vnd.kubernetes.protobuf" => {
            let value = protobuf::decode(&call.body).map_err(Refusal::bad_request)?;
            Decoded { value, duplicates: Vec::new() }
        }
        "" | "application/json" => decode::json(&call.body).map_err(|error| {
            let (kind, text) = (&kind.kind, String::from_utf8_lossy(&call.body));
            let shown: String = text.chars().take(256).collect();
            Refusal::bad_request(format!(
                "the object provided is unrecognized (must be of type {kind}): couldn't get version/kind; json parse error: {error} ({shown})"
            ))
        })?,
        _ => return Err(unknown_format()),
    };
    settle_type(call, &mut decoded.value)?;
    Ok(decoded)
}

fn unknown_format() -> Refusal {
    Refusal::unsupported_media_type(
        "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf",
    )
}

/// Makes sure that the object is of the kind that the path names.
pub(super) fn settle_type(call: &Call, object: &mut Value) -> Answer<()> {
    let kind = &call.target.kind;
    let wanted = call.target.api_version();
    let Value::Object(fields) = object else {
        return Err(Refusal::bad_request(format!(
            "the object provided is unrecognized (must be of type {}): couldn't get version/kind; json parse error: it is not an object",
            kind.kind
        )));
    };
    let nameless = fields.get("kind").and_then(Value::as_str).is_none_or(str::is_empty);
    if kind.custom && nameless {
        let text = Value::Object(fields.clone()).to_string();
        let start: String = text.chars().take(40).collect();
        return Err(Refusal::bad_request(format!(
            "the object provided is unrecognized (must be of type {}): Object 'Kind' is missing in '{text}' ({start} ...)",
            kind.kind
        )));
    }
    let given_kind = fields.get("kind").and_then(Value::as_str).unwrap_or(&kind.kind).to_owned();
    let given_version = fields.get("apiVersion").and_then(Value::as_str).unwrap_or(&wanted).to_owned();
    if given_kind != kind.kind && kind.custom {
        let detail = format!("Invalid value: \"{given_kind}\": must be {}", kind.kind);
        let name = fields.get("metadata").and_then(|metadata| metadata["name"].as_str()).unwrap_or_default();
        let why = FieldErrorKind::Invalid;
        return Err(Refusal::invalid_field(&kind.group, &given_kind, name, "kind", why, &detail));
    }
    if given_kind != kind.kind {
        return Err(Refusal::bad_request(wrong_kind(call, &given_version, &given_kind)));
    }
    if given_version != wanted {
        return Err(Refusal::bad_request(format!(
            "the API version in the data ({given_version}) does not match the expected API version ({wanted})"
        )));
    }
    fields.insert("apiVersion".to_owned(), wanted.into());
    fields.insert("kind".to_owned(), given_kind.into());
    match fields.entry("metadata").or_insert_with(|| json!({})) {
        Value::Object(metadata) => tidy_metadata(metadata),
        slot @ Value::Null => *slot = json!({}),
        _ => return Err(unmarshal(call, "object", "metadata", "v1.ObjectMeta")),
    }
    Ok(())
}

fn wrong_kind(call: &Call, version: &str, kind: &str) -> String {
    let wanted = &call.target.kind.kind;
    let short = version.rsplit('/').next().unwrap_or(version);
    format!(
        "{kind} in version \"{short}\" cannot be handled as a {wanted}: converting ({short}.{kind}) to (core.{wanted}): unknown conversion"
    )
}

fn unmarshal(call: &Call, found: &str, field: &str, wanted: &str) -> Refusal {
    let kind = &call.target.kind.kind;
    Refusal::bad_request(format!(
        "{kind} in version \"{}\" cannot be handled as a {kind}: json: cannot unmarshal {found} into Go struct field {kind}.{field} of type {wanted}",
        call.target.version
    ))
}

/// Takes away metadata that says nothing, as decoding into a Go struct does.
fn tidy_metadata(metadata: &mut Map<String, Value>) {
    metadata.retain(|name, value| {
        let empty = match value {
            Value::Null => true,
            Value::Object(fields) => fields.is_empty(),
            Value::Array(items) => items.is_empty() && name != "managedFields",
            Value::String(text) => text.is_empty(),
            _ => false,
        };
        !empty
    });
}

/// Refuses or warns of fields that the schema does not have, takes them out, and fills in defaults.
pub(super) fn fit(call: &Call, decoded: Decoded) -> Answer<(Value, Vec<String>)> {
    let Decoded { value: mut object, duplicates } = decoded;
    check_metadata(call, &object)?;
    let version = call.version()?;
    let schema = version.schema.compiled().map_err(|error| {
        Refusal::internal(format!("the schema of {} is not usable: {error}", call.target.kind.qualified()))
    })?;
    let mut problems = unknown_metadata(&object);
    for unknown in schema.unknown_fields(&object).into_iter().filter(|_| !call.lenient) {
        if let Some(reason) = unknown.lacking {
            return Err(Refusal::bad_request(reason));
        }
        if !unknown.path.starts_with("metadata.") {
            problems.push(format!("unknown field \"{}\"", unknown.path));
        }
    }
    let said_twice = duplicates.iter().map(|path| format!("duplicate field \"{path}\""));
    // The decoder of custom resources looks for duplicates first, that of built-in kinds last.
    let position = if call.target.kind.custom { 0 } else { problems.len() };
    problems.splice(position..position, said_twice);
    let warnings = match call.field_validation()? {
        FieldValidation::Strict if !problems.is_empty() => return Err(strict(call, &problems)),
        FieldValidation::Warn => problems,
        _ => Vec::new(),
    };
    prune(call, &mut object);
    if !call.target.kind.custom {
        super::gotypes::check(version.schema.raw(), &call.target.kind.kind, &call.target.version, &object)?;
    }
    schema.apply_defaults(&mut object);
    builtin::default_object(&call.target.kind.group, &call.target.kind.kind, &mut object);
    Ok((object, warnings))
}

fn strict(call: &Call, problems: &[String]) -> Refusal {
    let (kind, version) = (&call.target.kind.kind, &call.target.version);
    let listed = problems.join(", ");
    Refusal::bad_request(format!(
        "{kind} in version \"{version}\" cannot be handled as a {kind}: strict decoding error: {listed}"
    ))
}

/// Takes out what the schema does not have; `apiVersion`, `kind` and `metadata` follow rules of their own.
fn prune(call: &Call, object: &mut Value) {
    let Ok(version) = call.version() else { return };
    let Ok(schema) = version.schema.compiled() else { return };
    let kept: Vec<(String, Value)> = ["apiVersion", "kind", "metadata"]
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), object.get(name)?.clone())))
        .collect();
    schema.prune(object);
    if let Value::Object(fields) = object {
        fields.extend(kept);
        if let (Some(Value::Object(metadata)), Some(known)) =
            (fields.get_mut("metadata"), builtin::object_meta_fields())
        {
            metadata.retain(|name, _| known.contains_key(name));
        }
    }
}

fn unknown_metadata(object: &Value) -> Vec<String> {
    let Some(known) = builtin::object_meta_fields() else { return Vec::new() };
    let given = object["metadata"].as_object().into_iter().flatten();
    given
        .filter(|(name, _)| !known.contains_key(*name))
        .map(|(name, _)| format!("unknown field \"metadata.{name}\""))
        .collect()
}

/// Metadata is typed, whatever the kind.
fn check_metadata(call: &Call, object: &Value) -> Answer<()> {
    for (name, value) in object["metadata"].as_object().into_iter().flatten() {
        let (fits, wanted) = match name.as_str() {
            "labels" | "annotations" => {
                let texts = value.as_object().is_some_and(|map| map.values().all(Value::is_string));
                (texts, "map[string]string")
            }
            "finalizers" | "ownerReferences" | "managedFields" => (value.is_array(), "list"),
            "name" | "namespace" | "generateName" | "uid" | "resourceVersion" | "creationTimestamp" => {
                (value.is_string(), "string")
            }
            _ => (true, ""),
        };
        if !fits && matches!(name.as_str(), "labels" | "annotations") {
            let odd = value.as_object().and_then(|map| map.values().find(|value| !value.is_string()));
            let found = type_name(odd.unwrap_or(value));
            let (kind, version) = (&call.target.kind.kind, &call.target.version);
            return Err(Refusal::bad_request(format!(
                "{kind} in version \"{version}\" cannot be handled as a {kind}: json: cannot unmarshal {found} into Go struct field ObjectMeta.{name} of type string"
            )));
        }
        if !fits {
            return Err(unmarshal(call, type_name(value), &format!("metadata.{name}"), wanted));
        }
    }
    Ok(())
}

/// What Go's JSON decoder calls a value.
pub(super) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
