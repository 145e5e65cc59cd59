//! Values as Go prints them, because the API server's messages quote values.

use serde_json::{Number, Value};
use std::fmt::Write as _;

/// A value inside an error: scalars as `%v` and `%q`, everything else as JSON.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Number(number) => number_text(number),
        other => json(other),
    }
}

/// A string as `%q` prints it.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x07' => out.push_str("\\a"),
            '\x08' => out.push_str("\\b"),
            '\x0b' => out.push_str("\\v"),
            '\x0c' => out.push_str("\\f"),
            control if (control as u32) < 0x20 || control as u32 == 0x7f => {
                let _ = write!(out, "\\x{:02x}", control as u32);
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// A number as `%v` prints it: an integer plainly, a float with the fewest digits.
pub(super) fn number_text(number: &Number) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() => float_text(float),
        _ => number.to_string(),
    }
}

/// A float as `%v` prints it: with an exponent below 1e-4 and from 1e21 on.
pub(super) fn float_text(float: f64) -> String {
    let scientific = format!("{float:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let Ok(power) = exponent.parse::<i32>() else {
        return scientific;
    };
    if !(-4..21).contains(&power) {
        let sign = if power < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", power.abs());
    }
    format!("{float}")
}

/// JSON as Go's encoder writes it: keys sorted, `<`, `>` and `&` escaped.
pub(super) fn json(value: &Value) -> String {
    let mut out = String::new();
    write_json(value, &mut out);
    out
}

fn write_json(value: &Value, out: &mut String) {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_json(item, out);
            }
            out.push(']');
        }
        Value::Object(map) => {
            let mut keys: Vec<_> = map.iter().collect();
            keys.sort_by_key(|(key, _)| *key);
            out.push('{');
            for (index, (key, item)) in keys.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_json_string(key, out);
                out.push(':');
                write_json(item, out);
            }
            out.push('}');
        }
        Value::String(text) => write_json_string(text, out),
        other => out.push_str(&other.to_string()),
    }
}

fn write_json_string(text: &str, out: &mut String) {
    let escaped = Value::from(text).to_string();
    out.push_str(&escaped.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn quotes_like_go() {
        assert_eq!(quoted("<a>\n\"é\u{1}"), "\"<a>\\n\\\"é\\x01\"");
        assert_eq!(shown(&json!({"b": [1, "<"], "a": null})), r#"{"a":null,"b":[1,"\u003c"]}"#);
        assert_eq!(shown(&json!(2.5)), "2.5");
        assert_eq!(shown(&json!(1.0)), "1");
        assert_eq!(shown(&json!(1e30)), "1e+30");
        assert_eq!(shown(&json!(70000)), "70000");
    }
}
