//! Which manager owns which field: the algebra of server-side apply.
//! Source: kubernetes-sigs/structured-merge-diff v6, `fieldpath`, `typed` and `merge`.

mod apply;
mod check;
mod compare;
mod element;
mod extract;
mod managed;
mod merge;
#[cfg(test)]
mod properties;
mod remove;
mod set;
mod shape;
mod update;

pub(super) use apply::apply;
pub(super) use check::check;
pub(super) use compare::same_fields;
pub(super) use managed::{Managed, Owner};
pub(super) use shape::Shape;
pub(super) use update::update;
