//! Limits of one value: length, pattern, range, size.

use super::field_error::{FieldError, FieldErrorKind};
use super::go_text;
use super::path::Path;
use regex::Regex;
use serde_json::{Number, Value};
use std::sync::OnceLock;

/// Limits of one value; all absent in most nodes.
#[derive(Debug, Default)]
pub(super) struct Limits {
    min_length: Option<u64>,
    max_length: Option<u64>,
    pattern: Option<Pattern>,
    minimum: Option<f64>,
    exclusive_minimum: bool,
    maximum: Option<f64>,
    exclusive_maximum: bool,
    multiple_of: Option<f64>,
    min_items: Option<u64>,
    max_items: Option<u64>,
    unique_items: bool,
    min_properties: Option<u64>,
    max_properties: Option<u64>,
}

/// A regular expression, compiled when the first value meets it.
#[derive(Debug)]
struct Pattern {
    text: String,
    regex: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// A pattern that cannot be compiled lets nothing pass.
    fn matches(&self, text: &str) -> bool {
        self.regex.get_or_init(|| Regex::new(&self.text).ok()).as_ref().is_some_and(|regex| regex.is_match(text))
    }
}

impl Limits {
    pub(super) fn read(raw: &Value) -> Self {
        let count = |key: &str| raw.get(key).and_then(Value::as_u64);
        let number = |key: &str| raw.get(key).and_then(Value::as_f64);
        let flag = |key: &str| raw.get(key).and_then(Value::as_bool).unwrap_or(false);
        let pattern = raw.get("pattern").and_then(Value::as_str).filter(|text| !text.is_empty());
        Self {
            min_length: count("minLength"),
            max_length: count("maxLength"),
            pattern: pattern.map(|text| Pattern { text: text.to_owned(), regex: OnceLock::new() }),
            minimum: number("minimum"),
            exclusive_minimum: flag("exclusiveMinimum"),
            maximum: number("maximum"),
            exclusive_maximum: flag("exclusiveMaximum"),
            multiple_of: number("multipleOf"),
            min_items: count("minItems"),
            max_items: count("maxItems"),
            unique_items: flag("uniqueItems"),
            min_properties: count("minProperties"),
            max_properties: count("maxProperties"),
        }
    }

    /// The first limit that a string breaks; lengths count characters, although the message says bytes.
    pub(super) fn of_string(&self, text: &str, path: &Path<'_>) -> Option<FieldError> {
        if self.min_length.is_none() && self.max_length.is_none() && self.pattern.is_none() {
            return None;
        }
        let length = text.chars().count() as u64;
        if let Some(most) = self.max_length.filter(|most| length > *most) {
            let unit = if most == 1 { "byte" } else { "bytes" };
            let detail = format!("Too long: may not be more than {most} {unit}");
            return Some(FieldError { kind: FieldErrorKind::TooLong, field: path.of_error(), detail });
        }
        let why = if let Some(least) = self.min_length.filter(|least| length < *least) {
            format!("should be at least {least} chars long")
        } else if let Some(pattern) = self.pattern.as_ref().filter(|pattern| !pattern.matches(text)) {
            format!("should match '{}'", pattern.text)
        } else {
            return None;
        };
        Some(invalid(path, &go_text::quoted(text), &why))
    }

    /// All limits that a number breaks.
    pub(super) fn of_number(&self, number: &Number, path: &Path<'_>, errors: &mut Vec<FieldError>) {
        let Some(value) = number.as_f64() else { return };
        let shown = go_text::number_text(number);
        let mut refuse = |why: String| errors.push(invalid(path, &shown, &why));
        if let Some(unit) = self.multiple_of.filter(|unit| *unit != 0.0 && (value / unit).fract() != 0.0) {
            refuse(format!("should be a multiple of {}", bound(unit, number)));
        }
        if let Some(most) = self.maximum {
            if self.exclusive_maximum && value >= most {
                refuse(format!("should be less than {}", bound(most, number)));
            } else if value > most {
                refuse(format!("should be less than or equal to {}", bound(most, number)));
            }
        }
        if let Some(least) = self.minimum {
            if self.exclusive_minimum && value <= least {
                refuse(format!("should be greater than {}", bound(least, number)));
            } else if value < least {
                refuse(format!("should be greater than or equal to {}", bound(least, number)));
            }
        }
    }

    /// All limits on its size that a list breaks.
    pub(super) fn of_list(&self, list: &[Value], path: &Path<'_>, errors: &mut Vec<FieldError>) {
        let size = list.len() as u64;
        if let Some(least) = self.min_items.filter(|least| size < *least) {
            errors.push(invalid(path, &size.to_string(), &format!("should have at least {least} items")));
        }
        if let Some(most) = self.max_items.filter(|most| size > *most) {
            errors.push(too_many(path, size, most));
        }
        if self.unique_items && (1..list.len()).any(|index| list[..index].contains(&list[index])) {
            errors.push(invalid(path, "\"\"", "shouldn't contain duplicates"));
        }
    }

    /// The first limit on its size that an object breaks.
    pub(super) fn of_object(&self, size: usize, path: &Path<'_>) -> Option<FieldError> {
        let size = size as u64;
        if let Some(least) = self.min_properties.filter(|least| size < *least) {
            return Some(invalid(path, &size.to_string(), &format!("should have at least {least} properties")));
        }
        let most = self.max_properties.filter(|most| size > *most)?;
        Some(too_many(path, size, most))
    }
}

/// The API server compares integers with a bound cut to an integer, and prints it so.
fn bound(bound: f64, number: &Number) -> String {
    if number.is_f64() { go_text::float_text(bound) } else { go_text::float_text(bound.trunc()) }
}

fn invalid(path: &Path<'_>, shown: &str, why: &str) -> FieldError {
    let detail = format!("Invalid value: {shown}: {path} in body {why}");
    FieldError { kind: FieldErrorKind::Invalid, field: path.of_error(), detail }
}

fn too_many(path: &Path<'_>, size: u64, most: u64) -> FieldError {
    let unit = if most == 1 { "item" } else { "items" };
    let detail = format!("Too many: {size}: must have at most {most} {unit}");
    FieldError { kind: FieldErrorKind::TooMany, field: path.of_error(), detail }
}
