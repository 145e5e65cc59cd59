//! Structural schemas: defaulting, pruning, validation and CEL rules, with the API server's verdicts and words.

mod cel_error;
mod cel_value;
mod defaults;
mod field_error;
mod format;
mod functions;
mod go_text;
mod limits;
mod list_keys;
mod node;
mod object_meta;
mod old;
mod path;
mod rule;
mod rules;
mod structural;
mod unknown;
mod values;

pub use field_error::{FieldError, FieldErrorKind};
pub use structural::{Schema, SchemaError, UnknownField};
