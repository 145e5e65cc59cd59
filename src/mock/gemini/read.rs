//! Reads a request's body as Google's JSON parser does.

use super::refusal::Refusal;
use crate::mock::shape::{self, Fault, Object, Problem, Rules, Shape, Step};
use serde_json::{Value, json};

/// Where the same API has other names.
#[derive(Debug, Clone, Copy)]
pub(in crate::mock) struct Dialect {
    /// The package of the types.
    pub(in crate::mock) package: &'static str,
}

const RULES: Rules = Rules {
    names: |field, key| field == key || (key.contains('_') && snake(field) == key),
    takes_numbers_as_text: true,
    takes_one_for_list: true,
};

/// The request with camelCase names, or every field that does not fit.
pub(in crate::mock) fn read(object: &'static Object, body: &[u8], dialect: Dialect) -> Result<Value, Refusal> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(json!({}));
    }
    let value: Value = serde_json::from_slice(body).map_err(|failure| {
        let line = failure.line().checked_sub(1).and_then(|line| body.split(|byte| *byte == b'\n').nth(line));
        let shown: String = String::from_utf8_lossy(line.unwrap_or_default()).chars().take(80).collect();
        let what = if failure.is_eof() { "Unexpected end of string" } else { "Unexpected token" };
        let indent = " ".repeat(failure.column().saturating_sub(1).min(80));
        Refusal::invalid(format!("Invalid JSON payload received. {what}.\n{shown}\n{indent}^"))
    })?;
    if !value.is_object() {
        let message = "Invalid JSON payload received. Unknown name \"\": Root element must be a message.";
        return Err(Refusal::invalid(message));
    }
    let (read, faults) = shape::read(object, &value, &RULES);
    if faults.is_empty() { Ok(read) } else { Err(refusal(&faults, dialect)) }
}

fn refusal(faults: &[Fault], dialect: Dialect) -> Refusal {
    let told: Vec<(String, String)> = faults.iter().map(|fault| (place(&fault.path), words(fault, dialect))).collect();
    let messages: Vec<&str> = told.iter().map(|(_, message)| message.as_str()).collect();
    let violations: Vec<Value> = told
        .iter()
        .map(|(field, message)| match field.is_empty() {
            true => json!({ "description": message }),
            false => json!({ "field": field, "description": message }),
        })
        .collect();
    let mut refusal = Refusal::invalid(messages.join("\n"));
    refusal
        .details
        .push(json!({ "@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": violations }));
    refusal
}

fn words(fault: &Fault, dialect: Dialect) -> String {
    let place = place(&fault.path);
    match &fault.problem {
        Problem::Unknown(name) => {
            let at = if place.is_empty() { String::new() } else { format!(" at '{place}'") };
            format!("Invalid JSON payload received. Unknown name \"{name}\"{at}: Cannot find field.")
        }
        Problem::NotOne(object) => format!("Exactly one field of {} has to be set at '{place}'.", object.name),
        Problem::Missing(field) => format!("Required field is missing: {}", snake(field)),
        Problem::Wrong { expected, found } => {
            let shown: String = found.to_string().chars().take(200).collect();
            format!("Invalid value at '{place}' ({}), {shown}", type_name(expected, dialect))
        }
    }
}

fn type_name(shape: &Shape, dialect: Dialect) -> String {
    match shape {
        Shape::Text => "TYPE_STRING".to_owned(),
        Shape::Flag => "TYPE_BOOL".to_owned(),
        Shape::Integer => "TYPE_INT32".to_owned(),
        Shape::Decimal => "TYPE_FLOAT".to_owned(),
        Shape::Bytes => "TYPE_BYTES".to_owned(),
        Shape::Any => "type.googleapis.com/google.protobuf.Value".to_owned(),
        Shape::Map(_) => "type.googleapis.com/google.protobuf.Struct".to_owned(),
        Shape::List(shape) => type_name(shape, dialect),
        Shape::Word(name, _) | Shape::Object(crate::mock::shape::Object { name, .. }) => {
            format!("type.googleapis.com/{}.{name}", dialect.package)
        }
    }
}

fn place(path: &[Step]) -> String {
    path.iter().fold(String::new(), |place, step| match step {
        Step::Index(index) => format!("{place}[{index}]"),
        Step::Key(key) if place.is_empty() => snake(key),
        Step::Key(key) => format!("{place}.{}", snake(key)),
    })
}

/// The name as it stands in the description of the API.
fn snake(name: &str) -> String {
    name.chars().fold(String::with_capacity(name.len() + 4), |mut text, letter| {
        if letter.is_ascii_uppercase() {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
        text
    })
}
