//! One CEL rule (`x-kubernetes-validations`), compiled when the first value meets it.

use super::cel_error;
use super::field_error::{FieldError, FieldErrorKind};
use super::go_text;
use super::structural::SchemaError;
use kube_cel::cel::{Context, Program, Value as Cel};
use serde_json::Value;
use std::sync::OnceLock;

/// One CEL rule of a schema.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rule {
    rule: String,
    message: Option<String>,
    message_expression: Option<String>,
    reason: Option<String>,
    field_path: Option<String>,
    #[serde(default)]
    pub(super) optional_old_self: bool,
    #[serde(skip)]
    compiled: OnceLock<Compiled>,
}

#[derive(Debug)]
struct Compiled {
    program: Result<Program, String>,
    message: Option<Program>,
    uses_old_self: bool,
}

impl Rule {
    pub(super) fn read_all(raw: &Value, field: &str) -> Result<Vec<Self>, SchemaError> {
        let rules = raw.get("x-kubernetes-validations").and_then(Value::as_array).map(Vec::as_slice);
        let read = |(index, rule)| {
            <Self as serde::Deserialize>::deserialize(rule).map_err(|error: serde_json::Error| SchemaError {
                field: format!("{field}.x-kubernetes-validations[{index}]"),
                why: error.to_string(),
            })
        };
        rules.unwrap_or_default().iter().enumerate().map(read).collect()
    }

    /// Whether the rule compares with the stored value.
    pub(super) fn is_transition(&self) -> bool {
        self.compiled().uses_old_self
    }

    /// Judges the `self` (and `oldSelf`) of a context: nothing, or the reason against it.
    pub(super) fn judge(&self, context: &Context<'_>, field: &str, kind: &str) -> Option<FieldError> {
        let program = match &self.compiled().program {
            Ok(program) => program,
            Err(why) => return Some(self.failure(field, kind, &format!("compilation error: {why}"))),
        };
        match program.execute(context) {
            Ok(Cel::Bool(true)) => None,
            Ok(Cel::Bool(false)) => Some(self.refusal(context, field, kind)),
            Ok(_) => Some(self.failure(field, kind, "the rule's value is not a boolean")),
            Err(error) => Some(self.failure(field, kind, &cel_error::words(program.expression(), context, &error))),
        }
    }

    fn compiled(&self) -> &Compiled {
        self.compiled.get_or_init(|| {
            let program = Program::compile(&self.rule).map_err(|error| error.to_string());
            let uses_old_self = program.as_ref().is_ok_and(|program| program.references().has_variable("oldSelf"));
            let message = self.message_expression.as_deref().and_then(|text| Program::compile(text).ok());
            Compiled { program, message, uses_old_self }
        })
    }

    fn failure(&self, field: &str, kind: &str, why: &str) -> FieldError {
        let detail =
            format!("Invalid value: {}: {why} evaluating rule: {}", go_text::quoted(kind), self.fixed_message());
        FieldError { kind: FieldErrorKind::Invalid, field: field.to_owned(), detail }
    }

    fn refusal(&self, context: &Context<'_>, field: &str, kind: &str) -> FieldError {
        let message = self.computed_message(context).unwrap_or_else(|| self.fixed_message());
        let field = self.field_below(field);
        let value = go_text::quoted(kind);
        let (kind, detail) = match self.reason.as_deref() {
            Some("FieldValueForbidden") => (FieldErrorKind::Forbidden, format!("Forbidden: {message}")),
            Some("FieldValueRequired") => (FieldErrorKind::Required, format!("Required value: {message}")),
            Some("FieldValueDuplicate") => (FieldErrorKind::Duplicate, format!("Duplicate value: {value}")),
            _ => (FieldErrorKind::Invalid, format!("Invalid value: {value}: {message}")),
        };
        FieldError { kind, field, detail }
    }

    fn computed_message(&self, context: &Context<'_>) -> Option<String> {
        match self.compiled().message.as_ref()?.execute(context) {
            Ok(Cel::String(text)) if !text.trim().is_empty() && !text.contains('\n') => Some(text.trim().to_owned()),
            _ => None,
        }
    }

    fn fixed_message(&self) -> String {
        match self.message.as_deref().map(str::trim).filter(|message| !message.is_empty()) {
            Some(message) => message.to_owned(),
            None => format!("failed rule: {}", self.rule.trim()),
        }
    }

    fn field_below(&self, field: &str) -> String {
        match (self.field_path.as_deref(), field) {
            (None, _) => field.to_owned(),
            (Some(below), "<nil>") => below.trim_start_matches('.').to_owned(),
            (Some(below), _) => format!("{field}{below}"),
        }
    }
}
