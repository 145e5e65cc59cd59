//! From the parser's error to the mistake that a person made.

use super::error::{ProfileError, Text};
use super::tree::Node;
use super::{ProviderChoice, nearest, place};
use crate::exchange::Behaviour;
use miette::SourceSpan;
use serde_yaml::{Error, Location};

/// What the person did wrong, and where.
pub(super) fn mistake(error: &Error, text: &Text) -> ProfileError {
    let error = error.without_snippet();
    let at = span_of(error, text);
    match error {
        Error::SerdeUnknownField { field, expected, .. } => unknown_key(field, expected, text, at),
        Error::SerdeUnknownVariant { variant, expected, .. } => unknown_variant(variant, expected, text, at),
        Error::DuplicateMappingKey { key, .. } => {
            ProfileError::DuplicateKey { key: key.clone().unwrap_or_default(), text: text.clone(), at }
        }
        Error::SerdeMissingField { field, .. } => {
            ProfileError::MissingKey { key: (*field).to_owned(), text: text.clone(), at }
        }
        Error::SerdeInvalidType { unexpected, expected, .. }
        | Error::SerdeInvalidValue { unexpected, expected, .. } => {
            wrong_type(format!("expected {expected}, found {unexpected}"), text, at)
        }
        Error::InvalidScalar { ty, .. } => wrong_type(format!("expected {}", plain(ty)), text, at),
        Error::Unexpected { expected, .. } => wrong_type(format!("expected {}", plain(expected)), text, at),
        Error::NullIntoString { .. } => wrong_type("expected text, found nothing".to_owned(), text, at),
        Error::InvalidBooleanStrict { .. } => wrong_type("expected true or false".to_owned(), text, at),
        Error::ExternallyTaggedEnumExpectedScalarOrMapping { .. }
        | Error::ExpectedStringKeyForExternallyTaggedEnum { .. }
        | Error::UnexpectedValueForUnitEnumVariant { .. }
        | Error::ExpectedMappingEndAfterEnumVariantValue { .. } => {
            wrong_type("expected one name, or one key with its value".to_owned(), text, at)
        }
        Error::Message { msg, location } if msg.contains("untagged enum") => one_of_two_forms(msg, *location, text, at),
        other => {
            let reason = first_line(&other.to_string());
            ProfileError::NotYaml { reason, text: text.clone(), at }
        }
    }
}

fn span_of(error: &Error, text: &Text) -> SourceSpan {
    match error.location() {
        Some(location) => place::span(text.inner(), location),
        None => (0, 0).into(),
    }
}

fn unknown_key(key: &str, known: &[&str], text: &Text, at: SourceSpan) -> ProfileError {
    ProfileError::UnknownKey {
        key: key.to_owned(),
        label: nearest::label(key, known.iter().copied()),
        known: known.join(", "),
        text: text.clone(),
        at,
    }
}

fn unknown_variant(name: &str, known: &[&str], text: &Text, at: SourceSpan) -> ProfileError {
    let hint = nearest::hint(name, known.iter().copied());
    let (text, at) = (Some(text.clone()), Some(at));
    if known == ProviderChoice::NAMES {
        return ProfileError::UnknownProvider { name: name.to_owned(), hint, text, at };
    }
    ProfileError::BadValue { value: name.to_owned(), wanted: "one of the words known here".to_owned(), hint, text, at }
}

fn wrong_type(reason: String, text: &Text, at: SourceSpan) -> ProfileError {
    ProfileError::WrongType { reason, text: text.clone(), at }
}

/// `to` and `mock` take a name or a map, so the parser only knows that neither fits.
fn one_of_two_forms(message: &str, location: Location, text: &Text, at: SourceSpan) -> ProfileError {
    if !message.contains("MockRef") {
        let reason = "expected the name of a backend, or shares by backend name such as {a: 80, b: 20}";
        return wrong_type(reason.to_owned(), text, at);
    }
    mistake_in_mock(location, text)
        .unwrap_or_else(|| wrong_type("expected the name of a mock, or a map such as {}".to_owned(), text, at))
}

fn mistake_in_mock(location: Location, text: &Text) -> Option<ProfileError> {
    let tree: Node = serde_yaml::from_str(text.inner()).ok()?;
    let mock = tree.starting_at(location.line(), location.column())?;
    let message = serde_json::from_value::<Behaviour>(mock.value()).err()?.to_string();
    let mut words = message.split('`').skip(1).step_by(2);
    let key = message.starts_with("unknown field").then(|| words.next()).flatten()?;
    let at = place::span(text.inner(), mock.key_named(key)?);
    Some(unknown_key(key, &words.collect::<Vec<_>>(), text, at))
}

/// Names of Rust types mean nothing to a person who writes YAML.
fn plain(expected: &str) -> &str {
    match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number that is not negative",
        "i8" | "i16" | "i32" | "i64" => "a whole number",
        "f32" | "f64" => "a number",
        "bool" | "boolean" => "true or false",
        "string scalar" | "string" | "scalar" => "text",
        "sequence start" | "sequence" => "a list",
        "mapping start" | "mapping" => "a map",
        other => other,
    }
}

fn first_line(message: &str) -> String {
    message.lines().next().unwrap_or_default().to_owned()
}
