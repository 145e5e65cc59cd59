//! Holds a request against the table of parameters.

use super::parameters::{Kind, Table, type_of};
use super::{Refusal, inner};
use http::{HeaderMap, StatusCode, header};
use serde_json::{Map, Value};

const MOST_STOPS: usize = 4;

/// The JSON object in the body of a request.
pub(in crate::mock) fn object(headers: &HeaderMap, body: &[u8]) -> Result<Map<String, Value>, Refusal> {
    content_type(headers)?;
    match serde_json::from_slice(body) {
        Ok(Value::Object(request)) => Ok(request),
        _ => Err(not_json()),
    }
}

fn content_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    let message = format!(
        "Unsupported content type: '{essence}'. This API method only accepts 'application/json' requests, but you \
         specified the header 'Content-Type: {given}'. Please try again with a supported content type."
    );
    Err(Refusal::of_request(StatusCode::BAD_REQUEST, Some("unsupported_content_type"), message))
}

fn not_json() -> Refusal {
    let message = "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your \
                   HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid \
                   JSON. If you have trouble figuring out how to fix this, please contact us through our help center \
                   at help.openai.com.)";
    Refusal::of_request(StatusCode::BAD_REQUEST, None, message)
}

/// Refuses parameters that are missing, unknown, of the wrong type or out of range.
pub(super) fn parameters(table: &Table, request: &Map<String, Value>) -> Result<(), Refusal> {
    for required in table.required {
        if request.get(*required).is_none_or(Value::is_null) {
            return Err(missing(required));
        }
    }
    for (name, value) in request {
        let Some((_, kind)) = table.parameters.iter().find(|(known, _)| known == name) else {
            return Err(Refusal::of_parameter(name, "unknown_parameter", format!("Unknown parameter: '{name}'.")));
        };
        if !value.is_null() {
            parameter(name, *kind, value)?;
        }
    }
    Ok(())
}

/// A flag; left out or null it is not set.
pub(super) fn flag(value: Option<&Value>) -> bool {
    value.and_then(Value::as_bool).unwrap_or(false)
}

/// The texts of `stop`.
pub(super) fn stops(given: Option<&Value>) -> Vec<String> {
    match given {
        Some(Value::String(stop)) => vec![stop.clone()],
        Some(Value::Array(stops)) => stops.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// A field that has to be there and has to be a text.
pub(super) fn text_at<'a>(place: &str, name: &str, fields: &'a Map<String, Value>) -> Result<&'a str, Refusal> {
    match fields.get(name) {
        None => Err(missing(&format!("{place}.{name}"))),
        Some(Value::String(text)) => Ok(text),
        Some(other) => Err(wrong_type(&format!("{place}.{name}"), "a string", other)),
    }
}

/// `stream_options` go with `stream` only.
pub(super) fn stream_options(request: &Map<String, Value>) -> Result<(), Refusal> {
    if request.get("stream_options").is_some_and(|value| !value.is_null()) && !flag(request.get("stream")) {
        let message = "The 'stream_options' parameter is only allowed when 'stream' is enabled.";
        return Err(Refusal { code: None, ..Refusal::of_parameter("stream_options", "", message) });
    }
    Ok(())
}

/// A parameter that has to be there and is not.
pub(super) fn missing(name: &str) -> Refusal {
    Refusal::of_parameter(name, "missing_required_parameter", format!("Missing required parameter: '{name}'."))
}

/// A parameter of the wrong type.
pub(super) fn wrong_type(name: &str, expected: &str, value: &Value) -> Refusal {
    let message = format!("Invalid type for '{name}': expected {expected}, but got {} instead.", type_of(value));
    Refusal::of_parameter(name, "invalid_type", message)
}

/// A word that is none of those that are known.
pub(super) fn wrong_word(name: &str, words: &[&str], value: &str) -> Refusal {
    let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    let known = match quoted.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{}, and {last}", others.join(", ")),
        _ => quoted.concat(),
    };
    let shown: String = value.chars().take(100).collect();
    Refusal::of_parameter(name, "invalid_value", format!("Invalid value: '{shown}'. Supported values are: {known}."))
}

fn parameter(name: &str, kind: Kind, value: &Value) -> Result<(), Refusal> {
    if !kind.fits(value) {
        return Err(wrong_type(name, kind.name(), value));
    }
    match (kind, value) {
        (Kind::Integer(low, high), _) => integer(name, value, low, high),
        (Kind::Decimal(low, high), _) => decimal(name, value, low, high),
        (Kind::Word(words) | Kind::WordOrObject(words), Value::String(word))
            if !words.is_empty() && !words.contains(&word.as_str()) =>
        {
            Err(wrong_word(name, words, word))
        }
        (Kind::Texts, Value::Array(texts)) if texts.len() > MOST_STOPS => {
            let message = format!(
                "Invalid '{name}': array too long. Expected an array with maximum length {MOST_STOPS}, but got an \
                 array with length {} instead.",
                texts.len()
            );
            Err(Refusal::of_parameter(name, "array_above_max_length", message))
        }
        _ => inner::check(name, value),
    }
}

fn integer(name: &str, value: &Value, low: i64, high: i64) -> Result<(), Refusal> {
    let is_below = value.as_i64().is_some_and(|number| number < low);
    let is_above = value.as_i64().map_or(value.is_u64(), |number| number > high);
    let (is, bound, code) = match (is_below, is_above) {
        (true, _) => ("below minimum value", format!(">= {low}"), "integer_below_min_value"),
        (_, true) => ("above maximum value", format!("<= {high}"), "integer_above_max_value"),
        _ => return Ok(()),
    };
    let message = format!("Invalid '{name}': integer {is}. Expected a value {bound}, but got {value} instead.");
    Err(Refusal::of_parameter(name, code, message))
}

fn decimal(name: &str, value: &Value, low: f64, high: f64) -> Result<(), Refusal> {
    let number = value.as_f64().unwrap_or(f64::NAN);
    let (is, bound, code) = if number < low {
        ("below minimum value", format!(">= {low}"), "decimal_below_min_value")
    } else if number > high {
        ("above maximum value", format!("<= {high}"), "decimal_above_max_value")
    } else {
        return Ok(());
    };
    let message = format!("Invalid '{name}': decimal {is}. Expected a value {bound}, but got {value} instead.");
    Err(Refusal::of_parameter(name, code, message))
}
