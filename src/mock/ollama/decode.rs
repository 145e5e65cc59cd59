//! Reads a request's body as Go's JSON decoder does, with its words for what does not fit.

use super::refusal::Refusal;
use crate::mock::shape::{self, Fault, Object, Problem, Rules, Shape, Step};
use serde_json::{Deserializer, Value, json};

const RULES: Rules = Rules {
    names: |field, key| field.eq_ignore_ascii_case(key),
    takes_numbers_as_text: false,
    takes_one_for_list: false,
};

/// The request; fields that are not known are left out, and what follows the first value is not read. `empty` is what is
/// said of no body at all.
pub(super) fn decode(object: &'static Object, body: &[u8], empty: &str) -> Result<Value, Refusal> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(Refusal::invalid(empty));
    }
    let value = match Deserializer::from_slice(body).into_iter::<Value>().next() {
        Some(Ok(value)) => value,
        Some(Err(failure)) if failure.is_eof() => return Err(Refusal::invalid("unexpected EOF")),
        _ => return Err(Refusal::invalid(unexpected(body))),
    };
    let kind = match &value {
        Value::Null => return Ok(json!({})),
        Value::Object(_) => {
            let (read, faults) = shape::read(object, &value, &RULES);
            return faults
                .iter()
                .find_map(|fault| words(object, fault))
                .map_or(Ok(read), |told| Err(Refusal::invalid(told)));
        }
        other => kind_of(other),
    };
    Err(Refusal::invalid(format!("json: cannot unmarshal {kind} into Go value of type {}", object.name)))
}

/// What Go says about the first character that no JSON has at its place.
fn unexpected(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start();
    for literal in ["null", "true", "false"] {
        if !text.starts_with(&literal[..1]) {
            continue;
        }
        let wrong = text.chars().zip(literal.chars()).find(|(found, expected)| found != expected);
        if let Some((found, expected)) = wrong {
            return format!(
                "invalid character {} in literal {literal} (expecting {})",
                quoted(found),
                quoted(expected)
            );
        }
    }
    let (found, place) = place(body);
    format!("invalid character {} {place}", quoted(found))
}

fn place(body: &[u8]) -> (char, &'static str) {
    let failure = serde_json::from_slice::<Value>(body).err();
    let (line, column) = failure.as_ref().map_or((1, 1), |failure| (failure.line(), failure.column()));
    let text = String::from_utf8_lossy(body).into_owned();
    let lines: Vec<&str> = text.split('\n').collect();
    let found = lines.get(line.saturating_sub(1)).and_then(|line| line.chars().nth(column.saturating_sub(1)));
    let message = failure.map(|failure| failure.to_string()).unwrap_or_default();
    let place = match message {
        message if message.starts_with("key must be") => "looking for beginning of object key string",
        message if message.starts_with("expected `:`") => "after object key",
        message if message.starts_with("expected `,` or `}`") => "after object key:value pair",
        message if message.starts_with("expected `,` or `]`") => "after array element",
        _ => "looking for beginning of value",
    };
    (found.unwrap_or('?'), place)
}

fn quoted(letter: char) -> String {
    match letter {
        '\'' => "'\\''".to_owned(),
        letter => format!("'{letter}'"),
    }
}

/// Go's words for a value of another type; none for what Go does not mind.
fn words(object: &Object, fault: &Fault) -> Option<String> {
    let Problem::Wrong { expected, found } = &fault.problem else { return None };
    if let (Shape::Bytes, Value::String(text)) = (expected, found) {
        let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "+/=".contains(letter);
        let byte = text.find(|letter| !is_letter(letter)).unwrap_or(text.len());
        return Some(format!("illegal base64 data at input byte {byte}"));
    }
    let root = object.name.rsplit('.').next().unwrap_or_default();
    let keys = fault.path.iter().filter_map(|step| match step {
        Step::Key(key) => Some(key.as_str()),
        Step::Index(_) => None,
    });
    let path: Vec<&str> = [root].into_iter().chain(keys).collect();
    let kind = match found {
        Value::Number(number) if matches!(expected, Shape::Integer) => format!("number {number}"),
        other => kind_of(other).to_owned(),
    };
    Some(format!(
        "json: cannot unmarshal {kind} into Go struct field {} of type {}",
        path.join("."),
        type_name(expected)
    ))
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn type_name(shape: &Shape) -> String {
    match shape {
        Shape::Text | Shape::Word(..) => "string".to_owned(),
        Shape::Flag => "bool".to_owned(),
        Shape::Integer => "int".to_owned(),
        Shape::Decimal => "float64".to_owned(),
        Shape::Bytes => "[]uint8".to_owned(),
        Shape::Any => "interface {}".to_owned(),
        Shape::List(Shape::Object(Object { name: "api.Tool", .. })) => "api.Tools".to_owned(),
        Shape::List(Shape::Bytes) => "[]api.ImageData".to_owned(),
        Shape::List(Shape::Object(Object { name, .. })) => format!("[]{name}"),
        Shape::List(shape) => format!("[]{}", type_name(shape)),
        Shape::Map(shape) => format!("map[string]{}", type_name(shape)),
        // A message decodes itself through another type.
        Shape::Object(Object { name: "api.Message", .. }) => "api.Alias".to_owned(),
        Shape::Object(object) => object.name.to_owned(),
    }
}
