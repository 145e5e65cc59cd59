//! The query of a request.

use super::refusal::{Answer, Refusal};
use super::schema::FieldErrorKind;

/// What to do with fields that the schema does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldValidation {
    Ignore,
    Warn,
    Strict,
}

/// The query of a request, decoded.
#[derive(Debug, Clone, Default)]
pub(super) struct Query {
    pairs: Vec<(String, String)>,
}

impl Query {
    pub fn parse(text: &str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (percent_decode(key), percent_decode(value))
        });
        Self { pairs: pairs.collect() }
    }

    /// The value of a parameter; none where it is missing or empty.
    pub fn get(&self, key: &str) -> Option<&str> {
        let (_, value) = self.pairs.iter().find(|(name, _)| name == key)?;
        (!value.is_empty()).then_some(value)
    }

    pub fn flag(&self, key: &str) -> bool {
        self.pairs.iter().any(|(name, value)| name == key && !matches!(value.as_str(), "false" | "0"))
    }

    /// A whole number.
    pub fn number(&self, key: &str) -> Answer<Option<u64>> {
        let Some(text) = self.get(key) else { return Ok(None) };
        let invalid = || Refusal::bad_request(format!("strconv.ParseInt: parsing \"{text}\": invalid syntax"));
        text.parse().map(Some).map_err(|_| invalid())
    }

    /// `resourceVersion`.
    pub fn resource_version(&self) -> Answer<Option<u64>> {
        let Some(text) = self.get("resourceVersion") else { return Ok(None) };
        let why = format!("strconv.ParseUint: parsing \"{text}\": invalid syntax");
        let message = format!("invalid resource version: resourceVersion: Invalid value: \"{text}\": {why}");
        text.parse().map(Some).map_err(|_| Refusal::bad_request(message))
    }

    /// Whether nothing is to be stored.
    pub fn dry_run(&self, options: &str) -> Answer<bool> {
        match self.get("dryRun") {
            None => Ok(false),
            Some("All") => Ok(true),
            Some(other) => {
                let detail = format!("Unsupported value: \"{other}\": supported values: \"All\"");
                Err(invalid_option(options, "dryRun", FieldErrorKind::NotSupported, &detail))
            }
        }
    }

    /// `fieldValidation`; without it, unknown fields are warned about.
    pub fn field_validation(&self, options: &str) -> Answer<FieldValidation> {
        match self.get("fieldValidation") {
            None | Some("Warn") => Ok(FieldValidation::Warn),
            Some("Strict") => Ok(FieldValidation::Strict),
            Some("Ignore") => Ok(FieldValidation::Ignore),
            Some(other) => {
                let detail =
                    format!("Unsupported value: \"{other}\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"");
                Err(invalid_option(options, "fieldValidation", FieldErrorKind::NotSupported, &detail))
            }
        }
    }
}

/// A refusal of one of the options in the query; `options` is such as `PatchOptions`.
pub(super) fn invalid_option(options: &str, field: &str, kind: FieldErrorKind, detail: &str) -> Refusal {
    Refusal::invalid_field("meta.k8s.io", options, "", field, kind, detail)
}

/// Decodes `%41` and `+`; what is no escape stays as it is.
pub(super) fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while index < bytes.len() {
        let hex = text.get(index + 1..index + 3).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (bytes[index], hex) {
            (b'%', Some(byte)) => {
                decoded.push(byte);
                index += 2;
            }
            (b'+', _) => decoded.push(b' '),
            (byte, _) => decoded.push(byte),
        }
        index += 1;
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
