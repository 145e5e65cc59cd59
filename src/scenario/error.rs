//! Mistakes in scenario files and in what was asked for.

use super::spec::{Place, Spot, Text};
use crate::canonical::{CanonicalError, nearest};
use miette::{LabeledSpan, NamedSource, SourceCode};
use serde_yaml::Error as YamlError;
use std::fmt::Display;

/// A mistake, with the place in the file where there is one.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct ScenarioError {
    /// The stable id, `SCENARIO-02`.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub help: Option<String>,
    /// The file, relative to the catalogue's root.
    pub file: Option<String>,
    /// Where in it.
    pub spot: Spot,
    source_code: Option<Box<NamedSource<String>>>,
}

impl ScenarioError {
    /// A mistake at a place in a file.
    pub(super) fn at(text: &Text, place: &Place, code: &'static str, message: impl Into<String>) -> Self {
        Self::spotted(text, text.spot(place), code, message.into())
    }

    /// A mistake that is in no file.
    pub(super) fn nowhere(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: None, file: None, spot: Spot::default(), source_code: None }
    }

    pub(super) fn with_help(mut self, help: Option<String>) -> Self {
        self.help = help;
        self
    }

    /// A mistake in the short form, whose path begins at `under`.
    pub(super) fn canonical(text: &Text, under: &Place, error: &CanonicalError) -> Self {
        let place = under.path(&error.path);
        Self::at(text, &place, "SCENARIO-05", error.mistake.to_string()).with_help(error.mistake.help())
    }

    /// What the YAML reader found.
    pub(super) fn yaml(text: &Text, error: &YamlError) -> Self {
        let spot = error.location().map(|location| text.spot_of(location)).unwrap_or_default();
        match error.without_snippet() {
            YamlError::SerdeUnknownField { field, expected, .. } => {
                Self::spotted(text, spot, "SCENARIO-02", format!("unknown key `{field}`"))
                    .with_help(Some(suggestion(field, expected)))
            }
            YamlError::SerdeUnknownVariant { variant, expected, .. } => {
                Self::spotted(text, spot, "SCENARIO-02", format!("unknown word `{variant}`"))
                    .with_help(Some(suggestion(variant, expected)))
            }
            YamlError::SerdeMissingField { field, .. } => {
                Self::spotted(text, spot, "SCENARIO-03", format!("`{field}` is missing"))
            }
            YamlError::DuplicateMappingKey { key, .. } => {
                let key = key.as_deref().unwrap_or("?");
                Self::spotted(text, spot, "SCENARIO-04", format!("the key `{key}` is there twice"))
            }
            YamlError::SerdeInvalidType { unexpected, expected, .. }
            | YamlError::SerdeInvalidValue { unexpected, expected, .. } => {
                Self::spotted(text, spot, "SCENARIO-01", format!("{unexpected} where {expected} is wanted"))
            }
            YamlError::InvalidScalar { ty, .. } => {
                Self::spotted(text, spot, "SCENARIO-01", format!("this cannot be read as {}", in_words(ty)))
            }
            other => {
                let message = other.to_string();
                let first = message.lines().next().unwrap_or("not YAML");
                let said = first.split_once(" at line ").map_or(first, |(said, _)| said);
                Self::spotted(text, spot, "SCENARIO-01", said.to_owned())
            }
        }
    }

    fn spotted(text: &Text, spot: Spot, code: &'static str, message: String) -> Self {
        let source_code = Some(Box::new(NamedSource::new(text.file.clone(), text.text.to_string())));
        Self { code, message, help: None, file: Some(text.file.clone()), spot, source_code }
    }
}

impl miette::Diagnostic for ScenarioError {
    fn code<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        Some(Box::new(self.code))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn Display + 'a>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source_code.as_deref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        if self.spot.line == 0 {
            return None;
        }
        let label = LabeledSpan::at(self.spot.offset..self.spot.offset + self.spot.length, "here");
        Some(Box::new(std::iter::once(label)))
    }
}

fn in_words(type_name: &str) -> &str {
    match type_name {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number",
        "i8" | "i16" | "i32" | "i64" | "f32" | "f64" => "a number",
        "bool" => "true or false",
        other => other,
    }
}

fn suggestion(name: &str, known: &[&str]) -> String {
    match nearest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known here: {}", known.join(", ")),
    }
}
