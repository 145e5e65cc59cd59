//! Times and durations, as Go writes and reads them.

use super::refusal::Refusal;
use crate::mock::cue::Cue;
use serde_json::Value;

/// When an answer was made, derived from the request.
pub(super) fn created_at(cue: &Cue) -> String {
    let seconds = i64::try_from(cue.seed.created()).unwrap_or_default();
    let time = jiff::Timestamp::new(seconds, 123_456_789).unwrap_or_default();
    time.to_string()
}

/// Whether a model is to be unloaded at once; the error is Go's.
pub(super) fn is_unload(keep_alive: &Value) -> Result<bool, Refusal> {
    match keep_alive {
        Value::Null => Ok(false),
        Value::Number(number) => Ok(number.as_f64() == Some(0.0)),
        Value::String(text) => duration(text).map(|seconds| seconds == 0.0),
        Value::Bool(_) => Err(Refusal::invalid("Unsupported type: 'bool'")),
        Value::Array(_) => Err(Refusal::invalid("Unsupported type: '[]interface {}'")),
        Value::Object(_) => Err(Refusal::invalid("Unsupported type: 'map[string]interface {}'")),
    }
}

/// Reads what Go's `time.ParseDuration` reads; in seconds.
fn duration(text: &str) -> Result<f64, Refusal> {
    let invalid = || Refusal::invalid(format!("time: invalid duration {text:?}"));
    let rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    if rest == "0" {
        return Ok(0.0);
    }
    let mut rest = rest;
    let mut total = 0.0;
    if rest.is_empty() {
        return Err(invalid());
    }
    while !rest.is_empty() {
        let end = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(rest.len());
        let number: f64 = rest[..end].parse().map_err(|_| invalid())?;
        let unit_end = rest[end..].find(|letter: char| letter.is_ascii_digit() || letter == '.');
        let unit_end = unit_end.map_or(rest.len(), |length| end + length);
        let unit = &rest[end..unit_end];
        total += number
            * match unit {
                "" => return Err(Refusal::invalid(format!("time: missing unit in duration {text:?}"))),
                "ns" => 1e-9,
                "us" | "µs" => 1e-6,
                "ms" => 1e-3,
                "s" => 1.0,
                "m" => 60.0,
                "h" => 3_600.0,
                _ => return Err(Refusal::invalid(format!("time: unknown unit {unit:?} in duration {text:?}"))),
            };
        rest = &rest[unit_end..];
    }
    Ok(total)
}
