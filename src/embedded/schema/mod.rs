//! Structural schemas: defaulting, pruning, validation and CEL rules, with the API server's verdicts and words.

mod field_error;

pub use field_error::{FieldError, FieldErrorKind};
