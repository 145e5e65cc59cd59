//! Reads a request's body against the service model.

use super::refusal::Refusal;
use crate::mock::shape::{self, Fault, Object, Problem, Rules, Shape, Step};
use http::StatusCode;
use serde_json::{Value, json};

const RULES: Rules =
    Rules { names: |field, key| field == key, takes_numbers_as_text: false, takes_one_for_list: false };

/// The request, or what does not fit.
pub(super) fn read(object: &'static Object, body: &[u8]) -> Result<Value, Refusal> {
    if body.is_empty() {
        return read_value(object, &json!({}));
    }
    let mut value: Value =
        serde_json::from_slice(body).map_err(|_| unreadable("Unable to parse the request as JSON."))?;
    // The id of the model is a member of the request that stands in the path; a body that repeats it is taken.
    if let Some(fields) = value.as_object_mut() {
        fields.remove("modelId");
    }
    read_value(object, &value)
}

/// The same for a part of a request.
pub(super) fn read_value(object: &'static Object, value: &Value) -> Result<Value, Refusal> {
    if !value.is_object() {
        return Err(unreadable("Start of structure or map expected."));
    }
    let (read, faults) = shape::read(object, value, &RULES);
    match faults.iter().find_map(unlike) {
        Some(refusal) => Err(refusal),
        None if faults.is_empty() => Ok(read),
        None => Err(constraints(&faults)),
    }
}

fn unreadable(message: impl Into<String>) -> Refusal {
    Refusal::of(StatusCode::BAD_REQUEST, "SerializationException", message)
}

/// A value that cannot even be read as what it should be.
fn unlike(fault: &Fault) -> Option<Refusal> {
    let Problem::Wrong { expected, found } = &fault.problem else { return None };
    let found = match found {
        Value::Array(_) => return Some(unreadable("Start of list found where not expected.")),
        Value::Object(_) => return Some(unreadable("Start of structure or map found where not expected.")),
        Value::String(_) => "STRING_VALUE",
        Value::Bool(true) => "TRUE_VALUE",
        Value::Bool(false) => "FALSE_VALUE",
        _ => "NUMBER_VALUE",
    };
    let expected = match expected {
        Shape::Word(..) if found == "STRING_VALUE" => return None,
        Shape::Text | Shape::Word(..) | Shape::Any => "String",
        Shape::Flag => "Boolean",
        Shape::Integer => "Integer",
        Shape::Decimal => "Float",
        Shape::Bytes => "Blob",
        Shape::List(_) | Shape::Map(_) | Shape::Object(_) => {
            return Some(unreadable(format!("Unexpected value type in payload at {}: {found}.", place(&fault.path))));
        }
    };
    Some(unreadable(format!("{found} cannot be converted to {expected}")))
}

fn constraints(faults: &[Fault]) -> Refusal {
    if let Some(Fault { path, problem: Problem::Unknown(name) }) =
        faults.iter().find(|fault| matches!(fault.problem, Problem::Unknown(_)))
    {
        let place = place(path).replace('.', "/");
        return Refusal::invalid(format!(
            "Malformed input request: #{}{place}: extraneous key [{name}] is not permitted, please reformat your input and \
             try again.",
            if place.is_empty() { "" } else { "/" }
        ));
    }
    let told: Vec<String> = faults.iter().map(constraint).collect();
    let count = told.len();
    let plural = if count == 1 { "" } else { "s" };
    Refusal::invalid(format!("{count} validation error{plural} detected: {}", told.join("; ")))
}

fn constraint(fault: &Fault) -> String {
    let place = place(&fault.path);
    match &fault.problem {
        Problem::Missing(field) => {
            let dot = if place.is_empty() { "" } else { "." };
            format!("Value null at '{place}{dot}{field}' failed to satisfy constraint: Member must not be null")
        }
        Problem::NotOne(object) => {
            format!(
                "Value at '{place}' failed to satisfy constraint: Exactly one member of {} must be set",
                object.name
            )
        }
        Problem::Wrong { expected: Shape::Word(_, words), found } => {
            let found = found.as_str().unwrap_or_default();
            format!(
                "Value '{found}' at '{place}' failed to satisfy constraint: Member must satisfy enum value set: [{}]",
                words.join(", ")
            )
        }
        Problem::Wrong { .. } | Problem::Unknown(_) => format!("Value at '{place}' failed to satisfy constraint"),
    }
}

/// Items of lists are counted from one here.
fn place(path: &[Step]) -> String {
    let steps: Vec<String> = path
        .iter()
        .map(|step| match step {
            Step::Key(key) => key.clone(),
            Step::Index(index) => format!("{}.member", index + 1),
        })
        .collect();
    steps.join(".")
}
