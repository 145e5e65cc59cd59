//! Structural validation: types, limits, required fields, `anyOf` and its like.
//! Source: kube-openapi `pkg/validation/validate`, whose order of checks this keeps.

use super::field_error::{FieldError, FieldErrorKind};
use super::go_text;
use super::node::{Kind, Node};
use super::old;
use super::path::Path;
use serde_json::{Map, Value};

/// What one value came to: the reasons against it, and how many checks it got through.
#[derive(Default)]
struct Outcome {
    errors: Vec<FieldError>,
    passed: usize,
}

/// The structural reasons against an object. A value that is as it was before is not held against it.
pub(super) fn check(root: &Node, object: &Value, stored: Option<&Value>) -> Vec<FieldError> {
    let mut outcome = Outcome::default();
    visit(root, object, stored, &Path::Root, &mut outcome);
    outcome.errors
}

fn visit(node: &Node, value: &Value, stored: Option<&Value>, path: &Path<'_>, outcome: &mut Outcome) {
    let before = outcome.errors.len();
    check_value(node, value, stored, path, outcome);
    if outcome.errors.len() > before && old::is_unchanged(node, stored, value) {
        outcome.errors.truncate(before);
    }
}

fn check_value(node: &Node, value: &Value, stored: Option<&Value>, path: &Path<'_>, outcome: &mut Outcome) {
    if is_of_kind(node, value) {
        outcome.passed += 1;
    } else {
        outcome.errors.push(wrong_type(path, &go_text::quoted(type_of(value)), node.kind.name(), type_of(value)));
    }
    if !value.is_null() {
        check_alternatives(node, value, path, outcome);
    }
    match value {
        Value::String(text) => check_string(node, text, path, outcome),
        Value::Number(number) => node.limits.of_number(number, path, &mut outcome.errors),
        Value::Array(list) => check_list(node, list, stored, path, outcome),
        _ => {}
    }
    if !node.allowed.is_empty() && !node.allowed.iter().any(|allowed| same(allowed, value)) {
        outcome.errors.push(not_supported(node, value, path));
    }
    if let Value::Object(map) = value {
        check_object(node, map, stored, path, outcome);
    }
}

fn is_of_kind(node: &Node, value: &Value) -> bool {
    match (node.kind, value) {
        (Kind::Any, _) => true,
        (_, Value::Null) => node.nullable,
        (Kind::Integer | Kind::IntOrString, Value::Number(number)) => {
            !number.is_f64() || number.as_f64().is_some_and(is_json_integer)
        }
        (Kind::IntOrString | Kind::String, Value::String(_))
        | (Kind::Object, Value::Object(_))
        | (Kind::Array, Value::Array(_))
        | (Kind::Number, Value::Number(_))
        | (Kind::Boolean, Value::Bool(_)) => true,
        _ => false,
    }
}

/// Whether a float is an integer that JSON carries without loss.
fn is_json_integer(float: f64) -> bool {
    float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_991.0
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn check_string(node: &Node, text: &str, path: &Path<'_>, outcome: &mut Outcome) {
    outcome.errors.extend(node.limits.of_string(text, path));
    if let Some(format) = node.format.filter(|format| !format.accepts(text)) {
        outcome.errors.push(wrong_type(path, &go_text::quoted(text), format.name(), text));
    }
}

fn check_list(node: &Node, list: &[Value], stored: Option<&Value>, path: &Path<'_>, outcome: &mut Outcome) {
    if let Some(items) = node.items.as_deref() {
        for (index, item) in list.iter().enumerate() {
            visit(items, item, old::element(node, stored, item), &path.index(index), outcome);
        }
    }
    node.limits.of_list(list, path, &mut outcome.errors);
}

fn check_object(node: &Node, map: &Map<String, Value>, stored: Option<&Value>, path: &Path<'_>, outcome: &mut Outcome) {
    outcome.errors.extend(node.limits.of_object(map.len(), path));
    if let Some(additional) = node.additional.as_deref() {
        for (name, value) in map.iter().filter(|(name, _)| !node.properties.contains_key(*name)) {
            visit(additional, value, old::member(stored, name), &path.field(name), outcome);
        }
    }
    for (name, child) in &node.properties {
        if let Some(value) = map.get(name) {
            visit(child, value, old::member(stored, name), &path.field(name), outcome);
        }
    }
    let embedded = if node.embedded { ["apiVersion", "kind"].as_slice() } else { &[] };
    for name in embedded.iter().copied().chain(node.required.iter().map(String::as_str)) {
        if !map.contains_key(name) {
            let (kind, field) = (FieldErrorKind::Required, path.field(name).of_error());
            outcome.errors.push(FieldError { kind, field, detail: "Required value".to_owned() });
        }
    }
}

fn check_alternatives(node: &Node, value: &Value, path: &Path<'_>, outcome: &mut Outcome) {
    if !node.any_of.is_empty() {
        let (valid, best) = try_all(&node.any_of, value, path);
        if valid == 0 {
            outcome.errors.push(composite(format!("\"{path}\" must validate at least one schema (anyOf)")));
            merge(outcome, best);
        }
    }
    if !node.one_of.is_empty() {
        let (valid, best) = try_all(&node.one_of, value, path);
        if valid != 1 {
            let found =
                if valid == 0 { "Found none valid".to_owned() } else { format!("Found {valid} valid alternatives") };
            outcome
                .errors
                .push(composite(format!("\"{path}\" must validate one and only one schema (oneOf). {found}")));
            merge(outcome, best.filter(|_| valid == 0));
        }
    }
    check_all_of(node, value, path, outcome);
    if node.not.as_deref().is_some_and(|not| attempt(not, value, path).errors.is_empty()) {
        outcome.errors.push(composite(format!("\"{path}\" must not validate the schema (not)")));
    }
}

fn check_all_of(node: &Node, value: &Value, path: &Path<'_>, outcome: &mut Outcome) {
    let attempts: Vec<_> = node.all_of.iter().map(|all| attempt(all, value, path)).collect();
    let failed = attempts.iter().filter(|attempt| !attempt.errors.is_empty()).count();
    for attempt in attempts {
        merge(outcome, Some(attempt));
    }
    if failed > 0 {
        let none = if failed == node.all_of.len() { ". None validated" } else { "" };
        outcome.errors.push(composite(format!("\"{path}\" must validate all the schemas (allOf){none}")));
    }
}

/// How many alternatives fit, and the failure that got furthest.
fn try_all(alternatives: &[Node], value: &Value, path: &Path<'_>) -> (usize, Option<Outcome>) {
    let (mut valid, mut best) = (0, None::<Outcome>);
    for alternative in alternatives {
        let outcome = attempt(alternative, value, path);
        if outcome.errors.is_empty() {
            valid += 1;
        } else if best.as_ref().is_none_or(|best| outcome.passed > best.passed) {
            best = Some(outcome);
        }
    }
    (valid, best)
}

fn attempt(node: &Node, value: &Value, path: &Path<'_>) -> Outcome {
    let mut outcome = Outcome::default();
    check_value(node, value, None, path, &mut outcome);
    outcome
}

/// Takes over errors that are not there already: anyOf and its like repeat what the node itself says.
fn merge(outcome: &mut Outcome, other: Option<Outcome>) {
    for error in other.map(|other| other.errors).unwrap_or_default() {
        if !outcome.errors.contains(&error) {
            outcome.errors.push(error);
        }
    }
}

fn same(allowed: &Value, value: &Value) -> bool {
    match (allowed, value) {
        (Value::Number(allowed), Value::Number(value)) => allowed.as_f64() == value.as_f64(),
        _ => allowed == value,
    }
}

fn wrong_type(path: &Path<'_>, shown: &str, wanted: &str, got: &str) -> FieldError {
    let got = go_text::quoted(got);
    let detail = format!("Invalid value: {shown}: {path} in body must be of type {wanted}: {got}");
    FieldError { kind: FieldErrorKind::TypeInvalid, field: path.of_error(), detail }
}

fn not_supported(node: &Node, value: &Value, path: &Path<'_>) -> FieldError {
    let text = |allowed: &Value| match allowed {
        Value::String(text) => go_text::quoted(text),
        other => go_text::quoted(&go_text::json(other)),
    };
    let supported: Vec<_> = node.allowed.iter().map(text).collect();
    let detail = format!("Unsupported value: {}: supported values: {}", go_text::shown(value), supported.join(", "));
    FieldError { kind: FieldErrorKind::NotSupported, field: path.of_error(), detail }
}

/// The API server gives these no field.
fn composite(why: String) -> FieldError {
    FieldError {
        kind: FieldErrorKind::Invalid,
        field: "<nil>".to_owned(),
        detail: format!("Invalid value: \"\": {why}"),
    }
}
