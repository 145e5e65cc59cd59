//! Label and field selectors.

mod field;
mod label;

pub(super) use field::FieldSelector;
pub(super) use label::LabelSelector;
