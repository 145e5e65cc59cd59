//! The built-in kinds, as data.

mod catalogue;
mod defaults;
mod kinds;
mod notation;

pub(super) use catalogue::{object_meta, object_meta_fields, schema_of};
pub(super) use defaults::{allocate, default_object};
pub(super) use kinds::{keeps_generation, kinds};
